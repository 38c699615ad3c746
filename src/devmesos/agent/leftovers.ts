import { isAlive } from '../../host/processes.ts';
import type { Log } from '../log.ts';
import { isTerminal } from '../taskView.ts';
import type { Ledger, TaskRecord } from './ledger.ts';
import type { ProcessTable } from './processTable.ts';
import { ProcessTree } from './processTree.ts';

/** Ends the processes of all tasks that an agent process left (it was killed: one that ends properly ends its tasks). */
export async function endLeftovers(ledger: Ledger, table: ProcessTable, log: Log): Promise<void> {
  const records = await ledger.records();
  await Promise.all(records.map((record) => endLeftover(record, table, log)));
}

/** The same of one task. */
export async function endLeftover(record: TaskRecord, table: ProcessTable, log: Log): Promise<void> {
  const { task, sandbox, leader, mark } = record;
  if (hasEnded(record)) return;
  // Its session is its own only while its first process lives: later the number may be another's.
  const pid = leader && (await isAlive(leader)) ? leader.pid : undefined;
  const stuck = await new ProcessTree(table, pid, { sandbox, mark }).destroy();
  log(`task ${task.task_id.value} was left by an earlier agent: ended`);
  if (stuck.length > 0) log(`processes that don't end: ${stuck.map((one) => one.pid).join(' ')}`);
}

/** Whether a task was over before its agent was. */
export function hasEnded({ task }: TaskRecord): boolean {
  return isTerminal(task.state);
}
