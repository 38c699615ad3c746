import type { PartView } from '../../api/people.ts';
import { standingOf, type Incidents, type PartStanding } from '../cluster/incidents.ts';
import { clock, codeBlock, counted, plain } from '../format.ts';
import type { Branch } from './rows.ts';

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
    click: { command: 'mesosAirflow.showPartLog', title: 'Show Log', arguments: [`part:${name}`] },
  };
}

function partTooltip({ part, standing }: StandingPart, now: number): string {
  const facts: [string, string | null | undefined][] = [
    ['container', part.container],
    ['process', part.container === undefined && part.pid !== null ? String(part.pid) : null],
    ['since', clock(part.since, now)],
    ['started again', part.restarts > 0 ? counted(part.restarts, 'time') : null],
    ['log', part.log],
  ];
  const lines = facts.flatMap(([name, value]) => (value ? [`${name}: ${plain(value)}`] : []));
  const blocks = [`**${plain(part.name)}** ${standing.state}`];
  if (standing.detail !== '') blocks.push(plain(standing.detail));
  if (standing.lastLines.length > 0) blocks.push(`Its last lines:\n\n${codeBlock(standing.lastLines)}`);
  blocks.push(lines.join('  \n'));
  return blocks.join('\n\n');
}
