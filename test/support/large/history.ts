import { randomUUID } from 'node:crypto';
import type { StoredRequest } from '../../../src/framework/records.ts';
import type { Store } from '../../../src/framework/store.ts';
import { taskId, type SimulatedAirflow } from './airflow.ts';

const dags = 200;
const instancesOfRun = 50;
const minute = 60_000;

/** Task runs that are over, with an attempt each: fifty mapped instances a run, of two hundred DAGs; each hundredth failed. */
export function fill(
  store: Store,
  airflow: SimulatedAirflow,
  { deployment, agents, taskRuns }: { deployment: string; agents: number; taskRuns: number },
): void {
  const began = Date.now() - taskRuns * 10 - 10 * minute;
  store.transaction(() => {
    for (let index = 0; index < taskRuns; index += 1) {
      const request = over(index, deployment, agents, began + index * 10);
      store.requests.insert(request, '{}');
      store.requests.forgetWorkload(request.id);
      addAttempt(store, request);
      const isOk = request.state === 'finished';
      airflow.set(request.key, isOk ? 'success' : 'failed', request.queued, true);
    }
  });
}

function over(index: number, deployment: string, agents: number, queued: number): Omit<StoredRequest, 'seq'> {
  const run = Math.floor(index / instancesOfRun);
  const id = randomUUID();
  const agent = index % agents;
  return {
    id,
    deployment,
    key: {
      dag_id: `dag_${String(run % dags).padStart(3, '0')}`,
      run_id: `manual__${new Date(queued - (index % instancesOfRun) * 10).toISOString()}`,
      ...{ task_id: taskId, map_index: index % instancesOfRun, try_number: 1 },
    },
    ...{ resources: { cpus: 1, mem: 512, disk: 0, gpus: 0 }, constraints: {}, priority: 1, queue: null },
    ...(index % 100 === 99
      ? { state: 'failed', info: 'Command exited with status 1' }
      : { state: 'finished', info: '' }),
    ...{ mesos_task_id: `${id}.1`, attempt: 1, agent_id: `simulated-S${agent}`, agent: `agent-${agent + 1}` },
    ...{ relaunches: 0, not_before: null, avoid: null, after: null, end_as: null, end_reason: '' },
    ...{ queued, launched: queued + 20, started: queued + 50, ended: queued + 500, changed: queued + 500 },
  };
}

function addAttempt(store: Store, request: Omit<StoredRequest, 'seq'>): void {
  store.attempts.insert({
    mesos_task_id: `${request.id}.1`,
    ...{ request_id: request.id, attempt: 1, agent_id: request.agent_id ?? '', agent: request.agent ?? '' },
    ...{ agent_address: null, framework_id: 'simulated', executor_id: `${request.id}.1`, container_id: null },
    ...{ state: 'TASK_FINISHED', reason: null, source: 'SOURCE_EXECUTOR', message: null },
    ...{ launched: request.queued + 20, running: request.queued + 50, redeemed: request.queued + 60 },
    ...{ ended: request.queued + 500, ticket_hash: randomUUID(), ticket_expires: request.queued + 1000 },
    ...{ receipt_hash: randomUUID(), superseded: false, kill: null },
  });
}
