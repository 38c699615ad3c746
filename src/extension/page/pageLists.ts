import * as l10n from '@vscode/l10n';
import type { AgentView, MesosTaskView, OfferView, TaskRun } from '../../api/people.ts';
import type { Amounts, PageAgent, PageFramework, PageOffer, PageTask } from '../../page/protocol.ts';
import type { ClusterState } from '../cluster/state.ts';
import { resourcesText } from '../format.ts';
import { lookOf, runName, taskName } from '../tree/states.ts';
import type { FrameworkSlots } from './frameworkSlots.ts';

/** The page looks back an hour; what ended before is not sent (milliseconds). */
const lookBackMs = 3_660_000;
const mostTasks = 3000;

/** Frameworks with their slots; one that has tasks and is not listed (any more) as well. */
export function pageFrameworks(state: ClusterState, slots: FrameworkSlots): PageFramework[] {
  const frameworks = (state.frameworks ?? [])
    .filter(({ active, ours, tasks }) => ours || active || tasks > 0)
    .map(({ id, name, ours, tasks }) => ({ id, name, ours, tasks, slot: slots.slotOf(id, ours) }));
  const listed = new Set(frameworks.map(({ id }) => id));
  const ownId = state.cluster.framework.id;
  if (ownId !== null && !listed.has(ownId)) {
    const { name } = state.cluster.framework;
    listed.add(ownId);
    frameworks.unshift({ id: ownId, name, ours: true, tasks: 0, slot: 0 });
  }
  const unlisted = new Map<string, PageFramework>();
  for (const { framework_id: id, framework: name } of state.mesosTasks?.tasks ?? []) {
    if (listed.has(id)) continue;
    const tasks = 1 + (unlisted.get(id)?.tasks ?? 0);
    unlisted.set(id, { id, name, ours: false, tasks, slot: slots.slotOf(id, false) });
  }
  frameworks.push(...unlisted.values());
  return frameworks;
}

/** Unfinished tasks of all frameworks but ours; undefined where they are not known now. */
export function othersTasks({
  cluster,
  frameworks = [],
  mesosTasks,
}: ClusterState): MesosTaskView[] | undefined {
  const own = new Set(frameworks.filter(({ ours }) => ours).map(({ id }) => id));
  if (cluster.framework.id !== null) own.add(cluster.framework.id);
  return mesosTasks?.tasks.filter(({ framework_id }) => !own.has(framework_id));
}

export function pageAgents(state: ClusterState): PageAgent[] {
  const sharesOf = sharesByAgent(state.mesosTasks?.tasks ?? []);
  return (state.agents ?? []).map((agent) => pageAgent(agent, sharesOf.get(agent.id)));
}

function pageAgent(agent: AgentView, shares: ReadonlyMap<string, Amounts> = new Map()): PageAgent {
  const { id, name, active, deactivated = false, address, attributes } = agent;
  return {
    ...{ id, name, active, deactivated, address, attributes },
    total: amounts(agent.total),
    used: amounts(agent.used),
    offered: amounts(agent.offered),
    shares: [...shares].map(([framework, share]) => ({ framework, ...share })),
  };
}

function sharesByAgent(tasks: readonly MesosTaskView[]): Map<string, Map<string, Amounts>> {
  const byAgent = new Map<string, Map<string, Amounts>>();
  for (const { agent_id, framework_id, resources } of tasks) {
    const shares = byAgent.get(agent_id) ?? new Map<string, Amounts>();
    byAgent.set(agent_id, shares);
    const { cpus, mem } = shares.get(framework_id) ?? { cpus: 0, mem: 0 };
    shares.set(framework_id, { cpus: cpus + resources.cpus, mem: mem + resources.mem });
  }
  return byAgent;
}

function amounts({ cpus, mem }: Amounts): Amounts {
  return { cpus, mem };
}

/** Task runs that can be seen: those that are not over, and those of the last hour. */
export function pageTasks(state: ClusterState, now: number): PageTask[] {
  const seen = [...(state.tasks?.values() ?? [])].filter(
    ({ ended }) => ended === null || ended > now - lookBackMs,
  );
  if (seen.length > mostTasks) {
    seen.sort((a, b) => Number(a.ended !== null) - Number(b.ended !== null) || b.queued - a.queued);
    seen.length = mostTasks;
  }
  return seen.map((run) => pageTask(run, now));
}

function pageTask(run: TaskRun, now: number): PageTask {
  const { id, key, queued, launched, started, ended } = run;
  const look = lookOf(run);
  const waits = run.state === 'queued' && run.waits !== null ? `${look.text}: ${run.waits}` : look.text;
  const of = [key.dag_id, runName(key.run_id, now)];
  if (key.try_number > 1) of.push(l10n.t('try {0}', key.try_number));
  return {
    id,
    name: taskName(run),
    of: of.join(' · '),
    kind: look.kind,
    state: waits,
    agent: run.agent_id,
    where: run.agent,
    asks: resourcesText(run.resources),
    ...{ queued, launched, started, ended },
  };
}

export function pageOffers(state: ClusterState): PageOffer[] {
  const names = new Map<string, string>();
  for (const run of state.tasks?.values() ?? []) {
    if (run.mesos_task_id !== null) names.set(run.mesos_task_id, taskName(run));
  }
  return (state.offers?.offers ?? []).map((offer) => ({
    id: offer.id,
    agent: offer.agent_id,
    what: `${offer.agent} · ${resourcesText(offer.resources)}`,
    at: offer.at,
    fate: offer.fate,
    said: said(offer, names),
  }));
}

function said(offer: OfferView, names: ReadonlyMap<string, string>): string {
  if (offer.fate === 'accepted' && offer.tasks.length > 0) {
    const tasks = offer.tasks.slice(0, 6).map((id) => names.get(id) ?? id);
    if (offer.tasks.length > tasks.length) tasks.push(l10n.t('{0} more', offer.tasks.length - tasks.length));
    return l10n.t('accepted for {0}', tasks.join(', '));
  }
  const why = offer.why.replace(/\.$/, '');
  return why === '' ? fates()[offer.fate] : `${fates()[offer.fate]}: ${why}`;
}

/** How the tree calls them too. */
function fates(): Readonly<Record<OfferView['fate'], string>> {
  return {
    outstanding: l10n.t('outstanding'),
    accepted: l10n.t('accepted'),
    declined: l10n.t('declined'),
    rescinded: l10n.t('rescinded'),
    lost: l10n.t('lost'),
  };
}
