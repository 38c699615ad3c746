import type { AgentView, MesosTaskView, OfferView, TaskRun } from '../../src/api/people.ts';
import type { ClusterState } from '../../src/extension/cluster/state.ts';
import {
  agentView,
  clusterState,
  clusterView,
  offerView,
  running,
  taskRun,
} from '../vscode/support/views.ts';

// A cluster with much to see, made from a seed: the same each time, whatever the clock says.

const minute = 60_000;
const steps = ['extract', 'clean', 'join', 'train', 'score', 'publish'];
const dags = ['sales', 'weather_report', 'recommendations'];

/** Numbers from 0 to 1 that only look like chance. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

export interface Busy {
  readonly agents?: number;
  /** Milliseconds of history. */
  readonly history?: number;
  readonly seed?: number;
}

/** A cluster of some agents and three frameworks, as it is at `now`. */
export function busyCluster(
  now: number,
  { agents: count = 6, history = 6 * minute, seed = 7 }: Busy = {},
): ClusterState {
  const chance = numbers(seed);
  const agents = Array.from({ length: count }, (_, index) => index + 1);
  const tasks: TaskRun[] = [];
  const offers: OfferView[] = [];
  for (const agent of agents) {
    const place = { agent_id: `id-of-agent-${agent}`, agent: `agent-${agent}` };
    for (let slot = 0; slot < 2 + (agent % 2); slot += 1) {
      let at = now - history + chance() * 30_000;
      while (at < now - 2000) {
        const lasts = 6000 + chance() * 70_000;
        const task = ranFrom(at, lasts, now, tasks.length, chance);
        tasks.push({ ...task, ...place });
        offers.push(
          offerView(`o${offers.length}`, {
            ...place,
            at: Math.round(at),
            fate: 'accepted',
            tasks: [task.mesos_task_id ?? ''],
          }),
        );
        at += lasts + chance() * 25_000;
      }
    }
    for (let index = 0; index < 4; index += 1)
      offers.push(refused(offers.length, place, now - chance() * history, chance));
  }
  for (let index = 0; index < 7; index += 1) {
    tasks.push(
      taskRun(`waits-${index}`, {
        key: { dag_id: 'recommendations', task_id: 'train', map_index: index },
        resources: { cpus: 4, mem: 8192, disk: 0, gpus: 0 },
        queued: now - 4000 - index * 9000,
        waits: 'no agent has 4 cpus free; the largest offer had 2',
      }),
    );
  }
  const out = agents.slice(0, 2).map((agent) =>
    offerView(`out-${agent}`, {
      agent_id: `id-of-agent-${agent}`,
      agent: `agent-${agent}`,
      at: now - 3000,
    }),
  );
  const foreign = agents.flatMap((agent) => foreignTasks(agent));
  const own = tasks.filter(({ state }) => state === 'running' || state === 'launched');
  const mesosTasks = [...own.map(ownTask), ...foreign];
  return clusterState({
    cluster: clusterView({
      name: 'analytics',
      counts: { waiting: 7, launched: 0, running: own.length, failed: 2, finished: tasks.length },
      framework: { id: 'f-airflow', name: 'airflow', role: '*', state: 'subscribed', suppressed: false },
    }),
    agents: agents.map((agent) => agentWith(agent, mesosTasks, agent <= 2)),
    frameworks: [
      ...[
        framework('f-airflow', 'airflow', own.length, true),
        framework('f-spark', 'spark-shell', count, false),
      ],
      framework('f-marathon', 'marathon', Math.ceil(count / 2), false),
    ],
    offers: { suppressed: false, offers: [...out, ...offers.sort((a, b) => b.at - a.at).slice(0, 200)] },
    tasks: new Map(tasks.map((task) => [task.id, task])),
    mesosTasks: { tasks: mesosTasks, total: mesosTasks.length },
  });
}

function ranFrom(at: number, lasts: number, now: number, index: number, chance: () => number): TaskRun {
  const begins = at + 600 + chance() * 2500;
  const ends = begins + lasts;
  const dice = chance();
  const name = steps[index % steps.length] ?? 'extract';
  const id = `t${String(index).padStart(4, '0')}`;
  const common = {
    key: {
      ...{ dag_id: dags[index % dags.length] ?? 'sales', task_id: name },
      map_index: name === 'score' || name === 'train' ? index % 9 : -1,
    },
    mesos_task_id: `${id}.1`,
    queued: Math.round(at - chance() * 25_000),
    launched: Math.round(at),
    started: Math.round(begins),
    resources: { cpus: 1, mem: 1024, disk: 0, gpus: 0 },
  };
  if (ends >= now)
    return running(id, begins >= now ? { ...common, started: null, state: 'launched' } : common);
  const ended = { ...common, ended: Math.round(ends) };
  if (dice < 0.06)
    return running(id, { ...ended, state: 'failed', info: 'TASK_FAILED on agent-1: exit status 1' });
  if (dice < 0.09) return running(id, { ...ended, state: 'killed', info: 'by you' });
  if (dice < 0.12) return running(id, { ...ended, state: 'lost' });
  if (dice < 0.16) return running(id, { ...ended, state: 'finished', airflow_state: 'up_for_retry' });
  return running(id, { ...ended, state: 'finished', airflow_state: 'success' });
}

function refused(
  index: number,
  place: Pick<OfferView, 'agent' | 'agent_id'>,
  at: number,
  chance: () => number,
): OfferView {
  const isTaken = chance() < 0.15;
  return offerView(`o${index}`, {
    ...place,
    at: Math.round(at),
    fate: isTaken ? 'rescinded' : 'declined',
    why: isTaken ? 'Mesos took it back' : 'recommendations.train needs 4 cpus',
  });
}

function foreignTasks(agent: number): MesosTaskView[] {
  const place = { agent_id: `id-of-agent-${agent}`, state: 'RUNNING' };
  const resources = { cpus: 1, mem: 2048, disk: 0, gpus: 0 };
  const spark = {
    id: `spark-${agent}`,
    name: `executor-${agent}`,
    framework_id: 'f-spark',
    framework: 'spark-shell',
  };
  const marathon = {
    id: `web-${agent}`,
    name: `web-${agent}`,
    framework_id: 'f-marathon',
    framework: 'marathon',
  };
  const both = [{ ...spark, ...place, resources }];
  return agent % 2 === 0
    ? both
    : [...both, { ...marathon, ...place, resources: { ...resources, cpus: 0.5 } }];
}

function ownTask(task: TaskRun): MesosTaskView {
  return {
    ...{ id: task.mesos_task_id ?? task.id, name: task.key.task_id, state: 'RUNNING' },
    ...{ framework_id: 'f-airflow', framework: 'airflow' },
    agent_id: task.agent_id ?? '',
    resources: task.resources,
  };
}

function agentWith(agent: number, tasks: readonly MesosTaskView[], isOffered: boolean): AgentView {
  const id = `id-of-agent-${agent}`;
  const here = tasks.filter(({ agent_id }) => agent_id === id);
  const sum = (of: 'cpus' | 'mem'): number => here.reduce((total, { resources }) => total + resources[of], 0);
  return agentView(`agent-${agent}`, {
    id,
    total: { cpus: 8, mem: 16_384, disk: 10_240, gpus: 0 },
    used: { cpus: sum('cpus'), mem: sum('mem'), disk: 0, gpus: 0 },
    offered: isOffered ? { cpus: 2.5, mem: 6144, disk: 0, gpus: 0 } : { cpus: 0, mem: 0, disk: 0, gpus: 0 },
    attributes: { name: `agent-${agent}`, rack: `r${1 + (agent % 3)}` },
  });
}

function framework(
  id: string,
  name: string,
  tasks: number,
  ours: boolean,
): NonNullable<ClusterState['frameworks']>[number] {
  const used = { cpus: 0, mem: 0, disk: 0, gpus: 0 };
  return { id, name, user: 'me', roles: ['*'], ours, active: true, connected: true, tasks, used };
}
