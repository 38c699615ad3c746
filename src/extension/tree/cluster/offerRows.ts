import * as l10n from '@vscode/l10n';
import type { OfferView, OffersView } from '../../../api/people.ts';
import type { ClusterState } from '../../cluster/state.ts';
import { amount, clock, plain, resourcesText } from '../../format.ts';
import { loadingRow, type Branch } from '../rows.ts';
import { freeCpus, type Making } from './agentRows.ts';
import { namesByMesosTask } from './mesosTaskRows.ts';

/** So many offers at once; then "load more". */
const offersPage = 100;
/** A row names so many of the tasks that an offer was accepted for; its tooltip all of them. */
const namesInRow = 4;

/** The group of offers to our framework: the outstanding ones, then what became of the last ones. */
export function offerRows(state: ClusterState, { now, open, paging }: Making): Branch {
  const { offers } = state;
  // Names are looked up only where they are shown.
  const names = open.has('offers') ? namesByMesosTask(state) : new Map<string, string>();
  return {
    row: {
      id: 'offers',
      label: l10n.t('Offers'),
      description: offers ? summary(offers, state) : '',
      icon: { id: 'gift' },
      context: 'offers',
      opens: 'closed',
    },
    below: offers
      ? paging.rows('offers', offers.offers, offersPage, (offer) => ({ row: offerRow(offer, names, now) }))
      : [loadingRow('offers')],
  };
}

function summary({ suppressed, offers }: OffersView, { cluster, agents = [] }: ClusterState): string {
  if (!cluster.master.connected) return l10n.t('none: the master is not connected');
  if (suppressed && cluster.counts.waiting === 0) {
    const { free, count } = freeCpus(agents);
    return count === 1
      ? l10n.t('suppressed, nothing waits; free: {0} cpus on 1 agent', amount(free))
      : l10n.t('suppressed, nothing waits; free: {0} cpus on {1} agents', amount(free), count);
  }
  const of = (fate: OfferView['fate']): number => offers.filter((offer) => offer.fate === fate).length;
  const parts = [
    l10n.t('{0} out', of('outstanding')),
    l10n.t('{0} taken', of('accepted')),
    l10n.t('{0} declined', of('declined')),
  ];
  if (of('rescinded') > 0) parts.push(l10n.t('{0} rescinded', of('rescinded')));
  if (of('lost') > 0) parts.push(l10n.t('{0} lost', of('lost')));
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
  const fate = fateText(offer, clock(offer.at, now));
  const known = offer.tasks.flatMap((id) => names.get(id) ?? []);
  const tasks = offer.tasks.map((id) => {
    const name = names.get(id);
    return name === undefined ? plain(id) : `${plain(name)} (${plain(id)})`;
  });
  return {
    id: `offer:${offer.id}`,
    label: what,
    description: `${fate}${reason(offer, known)}`,
    tooltip: [
      `**${plain(what)}**`,
      plain(`${fate}${offer.why === '' ? '' : `: ${offer.why}`}`),
      ...(tasks.length > 0 ? [`${l10n.t('tasks')}:  \n${tasks.join('  \n')}`] : []),
      `${l10n.t('id')}: ${plain(offer.id)}`,
    ].join('\n\n'),
    icon: icons[offer.fate],
    context: `${offer.fate}Offer`,
    opens: 'never',
  };
}

function fateText({ fate }: OfferView, at: string): string {
  switch (fate) {
    case 'outstanding':
      return l10n.t('outstanding since {0}', at);
    case 'accepted':
      return l10n.t('accepted {0}', at);
    case 'declined':
      return l10n.t('declined {0}', at);
    case 'rescinded':
      return l10n.t('rescinded {0}', at);
    case 'lost':
      return l10n.t('lost {0}', at);
  }
}

/** ` for summarise[2], [3]`, `: nothing waits`, or nothing. `known`: names of its tasks. */
function reason(offer: OfferView, known: readonly string[]): string {
  if (offer.fate === 'accepted' && offer.tasks.length > 0) {
    const named = known.slice(0, namesInRow);
    const others = offer.tasks.length - named.length;
    const texts = shortened(named);
    if (others > 0) texts.push(othersText(others, named.length > 0));
    return ` ${l10n.t('for {0}', texts.join(', '))}`;
  }
  const why = offer.why.replace(/\.$/, '');
  return why === '' ? '' : `: ${why.charAt(0).toLowerCase()}${why.slice(1)}`;
}

function othersText(count: number, isBeside: boolean): string {
  if (isBeside) return l10n.t('{0} more', count);
  return count === 1 ? l10n.t('1 task') : l10n.t('{0} tasks', count);
}

/** Names of one mapped task in a row without its repeated name: `summarise[2]`, `[3]`. */
function shortened(names: readonly string[]): string[] {
  const taskOf = (name: string | undefined): string => name?.replace(/\[\d+\]$/, '') ?? '';
  return names.map((name, index) => {
    const task = taskOf(name);
    return name !== task && taskOf(names[index - 1]) === task ? name.slice(task.length) : name;
  });
}
