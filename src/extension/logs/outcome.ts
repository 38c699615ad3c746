import * as l10n from '@vscode/l10n';
import type { TaskRun } from '../../api/people.ts';
import { clock, duration } from '../format.ts';
import { lookOf } from '../tree/states.ts';

/** What became of a task run, as the last line of its log: `ended: success after 14.2 s · 15:12:09`. */
export function outcomeOf(run: TaskRun, now: number): string {
  const { text } = lookOf(run);
  const ended = run.ended ?? now;
  const at = clock(ended, now);
  if (run.started === null) return l10n.t('ended: {0} · {1}', text, at);
  return l10n.t('ended: {0} after {1} · {2}', text, duration(ended - run.started), at);
}

/** What a log that has nothing yet says instead. */
export function waitingFor(run: TaskRun): string {
  if (run.state !== 'queued') return l10n.t('waiting for output');
  return run.waits ? l10n.t('waiting: {0}', run.waits) : l10n.t('waiting for an agent');
}
