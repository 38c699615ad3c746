import type { PartView } from '../../api/people.ts';
import { plain } from '../format.ts';
import type { Branch } from './rows.ts';

const icons: Readonly<Record<PartView['state'], NonNullable<Branch['row']['icon']>>> = {
  waiting: { id: 'circle-outline', colour: 'disabledForeground' },
  starting: { id: 'sync~spin', colour: 'charts.blue' },
  ready: { id: 'pass', colour: 'charts.green' },
  restarting: { id: 'sync~spin', colour: 'charts.yellow' },
  failed: { id: 'error', colour: 'charts.red' },
  stopping: { id: 'sync~spin', colour: 'mesosAirflow.interrupted' },
  stopped: { id: 'circle-slash', colour: 'disabledForeground' },
};

/** The parts of an embedded cluster, while one of them isn't ready; a click opens its log. */
export function partRows(parts: readonly PartView[]): Branch | undefined {
  const ready = parts.filter((part) => part.state === 'ready').length;
  if (ready === parts.length) return undefined;
  const failed = parts.some((part) => part.state === 'failed');
  return {
    row: {
      id: 'parts',
      label: 'Parts',
      description: `${ready} of ${parts.length} ready`,
      icon: failed ? { id: 'error', colour: 'charts.red' } : { id: 'sync~spin', colour: 'charts.blue' },
      context: 'parts',
      opens: 'open',
    },
    below: parts.map((part) => ({ row: partRow(part) })),
  };
}

function partRow(part: PartView): Branch['row'] {
  return {
    id: `part:${part.name}`,
    label: part.name,
    description: part.detail === '' ? part.state : `${part.state} · ${part.detail}`,
    tooltip: [`**${plain(part.name)}** ${part.state}`, plain(part.detail), plain(part.log)].join('\n\n'),
    icon: icons[part.state],
    context: `${part.state}Part`,
    opens: 'never',
    click: { command: 'mesosAirflow.showPartLog', title: 'Show Log', arguments: [part.log] },
  };
}
