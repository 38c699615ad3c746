import type { TaskRun } from '../../api/people.ts';
import { clock, duration } from '../format.ts';
import { lookOf } from '../tree/states.ts';

/** What became of a task run, as the last line of its log: `ended: success after 14.2 s · 15:12:09`. */
export function outcomeOf(run: TaskRun, now: number): string {
  const { text } = lookOf(run);
  const ended = run.ended ?? now;
  const took = run.started === null ? '' : ` after ${duration(ended - run.started)}`;
  return `ended: ${text}${took} · ${clock(ended, now)}`;
}

/** What a log that has nothing yet says instead. */
export function waitingFor(run: TaskRun): string {
  if (run.state === 'queued') return run.waits ? `waiting: ${run.waits}` : 'waiting for an agent';
  return 'waiting for output';
}
