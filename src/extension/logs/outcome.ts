import * as l10n from '@vscode/l10n';
import type { TaskRun } from '../../api/people.ts';
import { clock, duration } from '../format.ts';
import { lookOf } from '../tree/states.ts';

/** Mesos' words for why a process ended, in fewer. */
const shorter: readonly (readonly [RegExp, string])[] = [
  [/^Memory limit exceeded\b.*/i, 'memory limit exceeded'],
  [/^Disk limit exceeded\b.*/i, 'disk limit exceeded'],
  [/^Command exited with status (\d+)\b.*/, 'exit status $1'],
  [/^Command terminated with signal (.+?)(?: \(REASON_\w+\))?$/, 'ended by the signal $1'],
  [/ \(REASON_COMMAND_EXECUTOR_FAILED\)$/, ''],
];

/** What became of a task run, as the last line of its log: `ended: success after 14.2 s · 15:12:09`. */
export function outcomeOf(run: TaskRun, now: number): string {
  const text = outcomeText(run);
  const ended = run.ended ?? now;
  const at = clock(ended, now);
  if (run.started === null) return l10n.t('ended: {0} · {1}', text, at);
  return l10n.t('ended: {0} after {1} · {2}', text, duration(ended - run.started), at);
}

/** `failed · exit status 1, memory limit exceeded`; also of a failure that is tried again. */
function outcomeText(run: TaskRun): string {
  const { kind, text } = lookOf(run);
  // Airflow calls it failed or up for retry, and its process ended well: nothing on Mesos explains it.
  if ((kind !== 'failed' && kind !== 'retry') || run.state !== 'failed') return text;
  const [word = text] = text.split(' · ', 1);
  const [line = '', ...more] = run.info.replace(/^TASK_[A-Z_]+ on \S+: /, '').split('\n');
  const why = shorter.reduce((said, [pattern, words]) => said.replace(pattern, words), line.trim());
  const parts = why === '' ? [] : [why];
  const isMemory = /REASON_CONTAINER_LIMITATION_MEMORY|\bOOM\b/.test([line, ...more].join(' '));
  if (isMemory && !why.startsWith('memory')) parts.push('memory limit exceeded');
  return parts.length === 0 ? word : `${word} · ${parts.join(', ')}`;
}

/** What a log that has nothing yet says instead. */
export function waitingFor(run: TaskRun): string {
  if (run.state !== 'queued') return l10n.t('waiting for output');
  return run.waits ? l10n.t('waiting: {0}', run.waits) : l10n.t('waiting for an agent');
}
