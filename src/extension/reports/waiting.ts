import type { Resources } from '../../api/common.ts';
import type { AgentView, ClusterView, OffersView, TaskRun } from '../../api/people.ts';
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
    `Why ${taskName(run)} of ${dag_id} waits`,
    '',
    `  ${sentence(run.waits ?? 'it was queued just now, and no offer has come since')}`,
    '',
    ...columns([
      ['run', runName(run_id, now)],
      ['try', String(try_number)],
      ['queued', `${clock(run.queued, now)}, ${duration(now - run.queued)} ago`],
      ['asks for', resourcesText(run.resources)],
    ]),
    ...linkLines(around),
    '',
    'Agents',
    ...(around.agents.length === 0
      ? ['  none is registered with the master']
      : columns(around.agents.map((agent) => [agent.name, ...room(agent, run.resources)]))),
    '',
    'What became of the last offers',
    ...offerLines(around.offers, now),
  ];
}

/** Whether the link to Mesos is what it waits for. */
function linkLines({ cluster: { framework, master } }: Surroundings): string[] {
  if (framework.state === 'subscribed') return [];
  const state = framework.state === 'subscribing' ? 'is about to subscribe' : 'is not connected';
  return ['', `The framework ${state} with the master at ${master.url}: until then no offers come.`];
}

function room(agent: AgentView, needs: Resources): string[] {
  if (!agent.active) return ['', 'not connected'];
  const { total, used } = agent;
  const free = { cpus: total.cpus - used.cpus, mem: total.mem - used.mem, gpus: total.gpus - used.gpus };
  const shown = `${amount(free.cpus)} of ${amount(total.cpus)} cpus and ${memory(free.mem)} of ${memory(total.mem)} free`;
  const never = lacks(total, needs);
  if (never.length > 0) return [shown, `can never hold it: too little ${never.join(', ')}`];
  const now = lacks(free, needs);
  return [shown, now.length > 0 ? `too little ${now.join(', ')} free now` : 'has room for it'];
}

function lacks(has: Omit<Resources, 'disk'>, needs: Resources): string[] {
  const names = { cpus: 'cpus', mem: 'memory', gpus: 'gpus' } as const;
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
  if (suppressed) lines.unshift('  Offers are suppressed: the framework has not asked for any yet.');
  return lines.length > 0 ? lines : ['  none has come yet'];
}

function sentence(text: string): string {
  const begun = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
