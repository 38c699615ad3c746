import * as l10n from '@vscode/l10n';
import type { PartView } from '../../../api/people.ts';
import { standingOf, type Incidents, type PartStanding } from '../../cluster/incidents.ts';
import { clock, codeBlock, plain } from '../../format.ts';
import type { Branch } from '../rows.ts';

const icons: Readonly<Record<PartStanding['state'], NonNullable<Branch['row']['icon']>>> = {
  waiting: { id: 'circle-outline', colour: 'disabledForeground' },
  starting: { id: 'sync~spin', colour: 'charts.blue' },
  ready: { id: 'pass', colour: 'charts.green' },
  restarting: { id: 'sync~spin', colour: 'charts.yellow' },
  failed: { id: 'error', colour: 'charts.red' },
  exited: { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' },
  stopping: { id: 'sync~spin', colour: 'mesosAirflow.interrupted' },
  stopped: { id: 'circle-slash', colour: 'disabledForeground' },
};

/** A part of a cluster with how it stands now. */
export interface StandingPart {
  readonly part: PartView;
  readonly standing: PartStanding;
}

export function standingParts(parts: readonly PartView[], incidents: Incidents): StandingPart[] {
  return parts.map((part) => ({ part, standing: standingOf(part, incidents.get(part.name)) }));
}

/** A part of a cluster; a click opens its log. */
export function partRow({ part, standing }: StandingPart, now: number): Branch['row'] {
  const { name, container } = part;
  const { state, detail } = standing;
  // Where all is well its container is what there is to know.
  const more = detail === '' ? container : detail;
  return {
    id: `part:${name}`,
    label: name,
    description: more === undefined ? state : `${state} · ${more}`,
    tooltip: partTooltip({ part, standing }, now),
    icon: icons[state],
    context: `${state}Part`,
    opens: 'never',
    click: { command: 'mesosAirflow.showPartLog', title: l10n.t('Show Log'), arguments: [`part:${name}`] },
  };
}

function partTooltip({ part, standing }: StandingPart, now: number): string {
  const facts: [string, string | null | undefined][] = [
    [l10n.t('container'), part.container],
    [l10n.t('process'), part.container === undefined && part.pid !== null ? String(part.pid) : null],
    [l10n.t('since'), clock(part.since, now)],
    [l10n.t('started again'), part.restarts > 0 ? timesText(part.restarts) : null],
    [l10n.t('log'), part.log],
  ];
  const lines = facts.flatMap(([name, value]) => (value ? [`${name}: ${plain(value)}`] : []));
  const blocks = [`**${plain(part.name)}** ${standing.state}`];
  if (standing.detail !== '') blocks.push(plain(standing.detail));
  if (standing.lastLines.length > 0)
    blocks.push(`${l10n.t('Its last lines:')}\n\n${codeBlock(standing.lastLines)}`);
  blocks.push(lines.join('  \n'));
  return blocks.join('\n\n');
}

function timesText(count: number): string {
  return count === 1 ? l10n.t('1 time') : l10n.t('{0} times', count);
}
