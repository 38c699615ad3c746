import { isAlive, type ProcessIdentity } from '../../../host/processes.ts';
import { durationText } from '../../duration.ts';
import type { Log } from '../../log.ts';
import type { ProcessTable } from '../processTable.ts';
import { ProcessTree } from '../processTree.ts';
import type { AgentState } from '../state.ts';
import type { Executor } from './executor.ts';
import type { ExecutorLedger, ExecutorRecord } from './executorLedger.ts';
import type { Executors } from './executors.ts';

/** A record, and its first process if that still lives. */
interface Left {
  readonly record: ExecutorRecord;
  readonly leader: ProcessIdentity | undefined;
}

/**
 * Takes over the executors that an earlier agent process left (it was killed: an agent that ends properly ends them). Those
 * of frameworks without checkpointing are ended: the master told that their tasks are lost. The others may subscribe again
 * from now on; what is returned gives them a while, ends those that don't, and resolves when the agent may come back to its
 * master.
 */
export async function recoverExecutors(
  state: AgentState,
  executors: Executors,
): Promise<() => Promise<void>> {
  const left = await Promise.all((await state.executorLedger.read()).map(look));
  const isKept = ({ record }: Left): boolean => record.framework.checkpoint ?? false;
  for (const one of left.filter((other) => !isKept(other))) await end(one, state);
  const kept = left.filter(isKept);
  for (const one of kept.filter(({ leader }) => !leader)) {
    await destroy(one, state.processes, state.log);
    executors.adoptEnded(one.record);
  }
  const living = kept.flatMap(({ record, leader }) => (leader ? executors.adopt(record, leader) : []));
  return () => waitFor(living, state);
}

async function waitFor(living: readonly Executor[], { options, clock }: AgentState): Promise<void> {
  if (living.length === 0) return;
  const timeout = options.executorReregistrationTimeout;
  await new Promise<void>((resolve) => clock.after(timeout, resolve));
  for (const executor of living) {
    if (executor.phase !== 'registering') continue;
    executor.phase = 'terminating';
    executor.termination = {
      state: executor.can('PARTITION_AWARE') ? 'TASK_GONE' : 'TASK_LOST',
      message: `Executor did not reregister within ${durationText(timeout)}`,
      reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT',
    };
    executor.destroy();
  }
}

/** Ends all executors that an agent left, when no other is to come. */
export async function endLeftExecutors(ledger: ExecutorLedger, table: ProcessTable, log: Log): Promise<void> {
  const left = await Promise.all((await ledger.read()).map(look));
  await Promise.all(left.map((one) => destroy(one, table, log)));
}

async function look(record: ExecutorRecord): Promise<Left> {
  const { leader } = record;
  // Its number may be another's later.
  return { record, leader: leader && (await isAlive(leader)) ? leader : undefined };
}

async function end(one: Left, { processes, executorLedger, log }: AgentState): Promise<void> {
  await destroy(one, processes, log);
  await executorLedger.remove(one.record.containerId);
}

async function destroy({ record, leader }: Left, table: ProcessTable, log: Log): Promise<void> {
  const { sandbox, mark, info } = record;
  const stuck = await new ProcessTree(table, leader?.pid, { sandbox, mark }).destroy();
  if (leader) log(`executor ${info.executor_id.value} was left by an earlier agent: ended`);
  if (stuck.length > 0) log(`processes that don't end: ${stuck.map(({ pid }) => pid).join(' ')}`);
}
