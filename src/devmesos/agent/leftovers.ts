import type { TaskStatus } from '../../mesos/types.ts';
import { isAlive } from '../../host/processes.ts';
import type { Log } from '../log.ts';
import { AgentTask } from './agentTask.ts';
import type { Ledger, TaskRecord } from './ledger.ts';
import type { ProcessTable } from './processTable.ts';
import { ProcessTree } from './processTree.ts';

/** A task of an earlier agent process; `end` is its last update, if it had ended by itself. */
export interface Leftover {
  readonly task: AgentTask;
  readonly end: TaskStatus | undefined;
}

/**
 * Ends the processes of tasks that an earlier agent process left (it was killed: an agent that ends properly ends its tasks),
 * and returns those tasks, whose schedulers don't know yet.
 */
export async function endLeftovers(ledger: Ledger, table: ProcessTable, log: Log): Promise<Leftover[]> {
  const records = await ledger.records();
  return Promise.all(records.map((record) => endLeftover(record, table, log)));
}

async function endLeftover(record: TaskRecord, table: ProcessTable, log: Log): Promise<Leftover> {
  const { framework, task, containerId, sandbox, leader, mark, end } = record;
  if (!end) {
    // Its session is its own only while its first process lives: later the number may be another's.
    const pid = leader && (await isAlive(leader)) ? leader.pid : undefined;
    const stuck = await new ProcessTree(table, pid, { sandbox, mark }).destroy();
    log(`task ${task.task_id.value} was left by an earlier agent: ended`);
    if (stuck.length > 0) log(`processes that don't end: ${stuck.map((one) => one.pid).join(' ')}`);
  }
  const withId = { ...framework, id: framework.id ?? task.framework_id };
  return { task: new AgentTask(withId, task, containerId, sandbox), end };
}
