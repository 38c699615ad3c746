import { isAlive } from '../../host/processes.ts';
import { AgentTask } from './agentTask.ts';
import type { Launcher } from './launcher.ts';
import type { TaskRecord } from './ledger.ts';
import { endLeftover, hasEnded } from './leftovers.ts';
import type { Reporter } from './reporter.ts';
import type { AgentState } from './state.ts';
import { readNote } from './supervision.ts';

/**
 * Takes over the tasks of an earlier agent process of this work folder, which was killed. Those of frameworks that
 * checkpoint go on, or end as they did meanwhile; the others are ended, as Mesos has it: their executor, which here lives in
 * the agent, is gone. What the scheduler has not acknowledged is told again.
 */
export async function recoverTasks(state: AgentState, reporter: Reporter, launcher: Launcher): Promise<void> {
  const records = await state.ledger.records();
  await Promise.all(records.map((record) => recover(record, state, reporter, launcher)));
}

async function recover(
  record: TaskRecord,
  state: AgentState,
  reporter: Reporter,
  launcher: Launcher,
): Promise<void> {
  const { framework, task: view, containerId, sandbox, updates = [], isBeingKilled = false } = record;
  const task = new AgentTask(
    { ...framework, id: framework.id ?? view.framework_id },
    view,
    containerId,
    sandbox,
  );
  task.mark = record.mark;
  task.endBy = record.endBy;
  state.tasks.set(task.key, task);
  reporter.restore(task, updates);
  if (hasEnded(record)) return;
  const { leader } = record;
  const isKnown = leader && ((await isAlive(leader)) || readNote(state.ledger.noteFile(containerId)));
  if (framework.checkpoint && isKnown && (await launcher.adopt(task, leader, isBeingKilled))) {
    state.log(`task ${task.id.value} was left by an earlier agent: taken over`);
    return;
  }
  await endLeftover(record, state.processes, state.log);
  reporter.report(task, {
    state: 'TASK_FAILED',
    message: 'Executor terminated',
    reason: 'REASON_EXECUTOR_TERMINATED',
  });
}
