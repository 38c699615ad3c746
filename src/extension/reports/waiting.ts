import * as l10n from '@vscode/l10n';
import type { Resources } from '../../api/common.ts';
import type { AgentView, ClusterView, OffersView, TaskRun } from '../../api/people.ts';
import { inactiveWord } from '../agentWords.ts';
import { amount, clock, duration, memory, resourcesText } from '../format.ts';
import { runName, taskName } from '../tree/states.ts';
import { columns } from './columns.ts';

/** What is known of the cluster that a task waits on. */
export interface Surroundings {
  readonly cluster: Pick<ClusterView, 'framework' | 'master'>;
  readonly agents: readonly AgentView[];
  readonly offers: OffersView;
}

/** So many of the last offers are told of. */
const mostOffers = 10;

/** Why a task waits, as a text: the reason, what it asks for, what each agent has free, what became of the offers. */
export function waitingReport(run: TaskRun, around: Surroundings, now: number): string[] {
  const { dag_id, run_id, try_number } = run.key;
  return [
    l10n.t('Why {0} of {1} waits', taskName(run), dag_id),
    '',
    `  ${sentence(run.waits ?? l10n.t('it was queued just now, and no offer has come since'))}`,
    '',
    ...columns([
      [l10n.t('run'), runName(run_id, now)],
      [l10n.t('try'), String(try_number)],
      [l10n.t('queued'), l10n.t('{0}, {1} ago', clock(run.queued, now), duration(now - run.queued))],
      [l10n.t('asks for'), resourcesText(run.resources)],
    ]),
    ...linkLines(around),
    '',
    l10n.t('Agents'),
    ...(around.agents.length === 0
      ? [`  ${l10n.t('none is registered with the master')}`]
      : columns(around.agents.map((agent) => [agent.name, ...room(agent, run.resources)]))),
    '',
    l10n.t('What became of the last offers'),
    ...offerLines(around.offers, now),
  ];
}

/** Whether the link to Mesos is what it waits for. */
function linkLines({ cluster: { framework, master } }: Surroundings): string[] {
  if (framework.state === 'subscribed') return [];
  const said =
    framework.state === 'subscribing'
      ? l10n.t(
          'The framework is about to subscribe with the master at {0}: until then no offers come.',
          master.url,
        )
      : l10n.t(
          'The framework is not connected with the master at {0}: until then no offers come.',
          master.url,
        );
  return ['', said];
}

function room(agent: AgentView, needs: Resources): string[] {
  if (!agent.active) return ['', inactiveWord(agent)];
  const { total, used } = agent;
  const free = { cpus: total.cpus - used.cpus, mem: total.mem - used.mem, gpus: total.gpus - used.gpus };
  const shown = l10n.t(
    '{0} of {1} cpus and {2} of {3} free',
    amount(free.cpus),
    amount(total.cpus),
    memory(free.mem),
    memory(total.mem),
  );
  const never = lacks(total, needs);
  if (never.length > 0) return [shown, l10n.t('can never hold it: too little {0}', never.join(', '))];
  const now = lacks(free, needs);
  return [
    shown,
    now.length > 0 ? l10n.t('too little {0} free now', now.join(', ')) : l10n.t('has room for it'),
  ];
}

function lacks(has: Omit<Resources, 'disk'>, needs: Resources): string[] {
  const names = { cpus: l10n.t('cpus'), mem: l10n.t('memory'), gpus: l10n.t('gpus') };
  return (['cpus', 'mem', 'gpus'] as const)
    .filter((kind) => has[kind] < needs[kind])
    .map((kind) => names[kind]);
}

function offerLines({ suppressed, offers }: OffersView, now: number): string[] {
  const shown = offers.slice(0, mostOffers);
  const lines = columns(
    shown.map(({ at, agent, resources, fate, why }) => [
      clock(at, now),
      agent,
      resourcesText(resources),
      why === '' ? fate : `${fate}: ${why}`,
    ]),
  );
  if (suppressed)
    lines.unshift(`  ${l10n.t('Offers are suppressed: the framework has not asked for any yet.')}`);
  return lines.length > 0 ? lines : [`  ${l10n.t('none has come yet')}`];
}

function sentence(text: string): string {
  const begun = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
