import * as l10n from '@vscode/l10n';
import type { TaskRun } from '../../../api/people.ts';
import { age, clock, duration, plain, resourcesText } from '../../format.ts';
import { commandLink } from '../rows.ts';
import { isOver, taskName, type StateLook } from '../states.ts';
import { taskRunRowId } from '../target.ts';

/** So much of a reason stands in a row; the tooltip has all of it. */
const mostReason = 80;

/** `12.3 s` of what is over, `5 min` of what goes on; undefined of what has not begun. */
export function tookText(started: number | null, ended: number | null, now: number): string | undefined {
  if (started === null) return undefined;
  return ended === null ? age(now - started) : duration(ended - started);
}

/** Milliseconds, of what has begun. */
export function took({ started, ended }: Pick<TaskRun, 'started' | 'ended'>, now: number): number | null {
  return started === null ? null : (ended ?? now) - started;
}

export function shortened(reason: string): string {
  const [line = ''] = reason.split('\n', 1);
  return line.length <= mostReason ? line : `${line.slice(0, mostReason - 1).trimEnd()}…`;
}

/** State, where, how long; of a waiting one, why. */
export function runDescription(run: TaskRun, state: string, now: number): string {
  if (run.state === 'queued') return run.waits ? `${state}: ${shortened(run.waits)}` : state;
  const where = run.agent && !state.includes(run.agent) ? run.agent : undefined;
  return joined([shortened(state), where, tookText(run.started, run.ended, now)]);
}

/** All about a task run, in Markdown, and links to what helps. */
export function runTooltip(run: TaskRun, { kind, text }: StateLook, now: number): string {
  const { key } = run;
  const facts: (readonly [string, string | null])[] = [
    [l10n.t('state'), text],
    [l10n.t('waits'), run.state === 'queued' ? run.waits : null],
    [l10n.t('agent'), run.agent],
    [l10n.t('try'), String(key.try_number)],
    [l10n.t('queued'), clock(run.queued, now)],
    [l10n.t('started'), run.started === null ? null : clock(run.started, now)],
    [l10n.t('ended'), run.ended === null ? null : clock(run.ended, now)],
    [l10n.t('asks for'), resourcesText(run.resources)],
    [l10n.t('launched'), run.attempt > 1 ? l10n.t('{0} times', run.attempt) : null],
    [l10n.t('Mesos task'), run.mesos_task_id],
    [l10n.t('Mesos says'), isOver(run) && run.info !== '' ? run.info : null],
  ];
  const row = taskRunRowId(run.id);
  const links = [commandLink(l10n.t('Show log'), 'mesosAirflow.showTaskLog', row)];
  if (kind === 'waiting') links.unshift(commandLink(l10n.t('Why?'), 'mesosAirflow.explainWait', row));
  return [
    l10n.t('**{0}** of {1}', plain(taskName(run)), plain(key.dag_id)),
    plain(key.run_id),
    factLines(facts),
    links.join(' · '),
  ].join('\n\n');
}

/** The commands of its links. */
export const runLinks = ['mesosAirflow.showTaskLog', 'mesosAirflow.explainWait'] as const;

/** `name: value`, a line each; those that there is nothing of are left out. */
export function factLines(facts: readonly (readonly [string, string | null | undefined])[]): string {
  return facts.flatMap(([name, value]) => (value ? [`${name}: ${plain(value)}`] : [])).join('  \n');
}

export function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}
