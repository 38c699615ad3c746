import type { OfferView } from '../../../api/people.ts';
import type { ClusterState } from '../../cluster/state.ts';
import { amount, clock, counted, plain, resourcesText } from '../../format.ts';
import type { Branch } from '../rows.ts';
import { taskName } from '../states.ts';

/** The group of offers: the outstanding ones, then what became of the last ones. */
export function offerRows(state: ClusterState, now: number): Branch {
  const { offers } = state.offers;
  const names = namesByMesosTask(state);
  return {
    row: {
      id: 'offers',
      label: 'Offers',
      description: summary(state),
      icon: { id: 'gift' },
      context: 'offers',
      opens: 'closed',
    },
    below: offers.map((offer) => ({ row: offerRow(offer, names, now) })),
  };
}

function summary({ offers: { suppressed, offers }, cluster, agents }: ClusterState): string {
  if (suppressed && cluster.counts.waiting === 0) {
    const active = agents.filter((agent) => agent.active);
    const free = active.reduce((total, agent) => total + agent.total.cpus - agent.used.cpus, 0);
    return `suppressed, nothing waits; free: ${amount(free)} cpus on ${counted(active.length, 'agent')}`;
  }
  const of = (fate: OfferView['fate']): number => offers.filter((offer) => offer.fate === fate).length;
  const parts = [`${of('outstanding')} out`, `${of('accepted')} taken`, `${of('declined')} declined`];
  if (of('rescinded') > 0) parts.push(`${of('rescinded')} rescinded`);
  if (of('lost') > 0) parts.push(`${of('lost')} lost`);
  return parts.join(', ');
}

const icons: Readonly<Record<OfferView['fate'], NonNullable<Branch['row']['icon']>>> = {
  outstanding: { id: 'gift', colour: 'charts.blue' },
  accepted: { id: 'check', colour: 'charts.green' },
  declined: { id: 'dash', colour: 'disabledForeground' },
  rescinded: { id: 'discard', colour: 'mesosAirflow.interrupted' },
  lost: { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' },
};

function offerRow(offer: OfferView, names: ReadonlyMap<string, string>, now: number): Branch['row'] {
  const what = `${offer.agent} · ${resourcesText(offer.resources)}`;
  const fate = `${offer.fate} ${clock(offer.at, now)}${reason(offer, names)}`;
  return {
    id: `offer:${offer.id}`,
    label: what,
    description: fate,
    tooltip: [`**${plain(what)}**`, plain(fate), `id: ${plain(offer.id)}`].join('\n\n'),
    icon: icons[offer.fate],
    context: `${offer.fate}Offer`,
    opens: 'never',
  };
}

/** ` for summarise[2], [3]`, `: nothing waits`, or nothing. */
function reason(offer: OfferView, names: ReadonlyMap<string, string>): string {
  if (offer.fate === 'accepted' && offer.tasks.length > 0) {
    return ` for ${shortened(offer.tasks.map((id) => names.get(id) ?? id)).join(', ')}`;
  }
  const why = offer.why.replace(/\.$/, '');
  return why === '' ? '' : `: ${why.charAt(0).toLowerCase()}${why.slice(1)}`;
}

/** Names of one mapped task in a row without its repeated name: `summarise[2]`, `[3]`. */
function shortened(names: readonly string[]): string[] {
  const taskOf = (name: string | undefined): string => name?.replace(/\[\d+\]$/, '') ?? '';
  return names.map((name, index) => {
    const task = taskOf(name);
    return name !== task && taskOf(names[index - 1]) === task ? name.slice(task.length) : name;
  });
}

function namesByMesosTask({ tasks }: ClusterState): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const task of tasks.values()) if (task.mesos_task_id) names.set(task.mesos_task_id, taskName(task));
  return names;
}
