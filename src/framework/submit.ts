import { endRequest } from './ending.ts';
import type { Settings } from './options.ts';
import { isOver } from './records.ts';
import type { Amounts, NewRequest, SubmitResult } from './types.ts';
import type { Work } from './work.ts';

/** Queues a batch of requests; those that will never run are refused one by one. */
export function submit(
  work: Work,
  deployment: string,
  requests: readonly NewRequest[],
  settings: Settings,
): SubmitResult {
  const result: SubmitResult = { accepted: [], refused: [] };
  for (const request of requests) {
    const reason = submitOne(work, deployment, request, settings);
    if (reason === null) result.accepted.push(request.id);
    else result.refused.push({ id: request.id, reason });
  }
  return result;
}

function submitOne(work: Work, deployment: string, request: NewRequest, settings: Settings): string | null {
  if (work.store.isBuried(deployment, request.id)) return 'It was revoked before it arrived.';
  const known = work.store.requests.get(request.id);
  if (known)
    return known.deployment === deployment ? null : 'Another Airflow deployment has a request with this id.';
  const resources = { ...settings.defaultResources };
  for (const name of ['cpus', 'mem', 'disk', 'gpus'] as const) {
    const asked = request.resources?.[name];
    if (asked !== undefined) resources[name] = asked;
  }
  const wrong = wrongAmounts(resources);
  if (wrong !== null) return wrong;
  let after: string | null = null;
  for (const older of work.store.requests.living(deployment, request.key)) {
    const ended = endRequest(
      work,
      older,
      'superseded',
      `Superseded by the newer request ${request.id}.`,
      true,
    );
    if (!isOver(ended.state)) after = older.id;
  }
  work.add(
    {
      id: request.id,
      deployment,
      key: request.key,
      resources,
      constraints: request.constraints ?? {},
      priority: request.priority ?? 0,
      queue: request.queue ?? null,
      state: 'queued',
      info: '',
      attempt: 0,
      mesos_task_id: null,
      agent_id: null,
      agent: null,
      relaunches: 0,
      not_before: null,
      avoid: null,
      after,
      end_as: null,
      end_reason: '',
      queued: work.now,
      launched: null,
      started: null,
      ended: null,
      changed: work.now,
    },
    request.workload,
  );
  return null;
}

function wrongAmounts(amounts: Amounts): string | null {
  for (const [name, amount] of Object.entries(amounts)) {
    if (!Number.isFinite(amount) || amount < 0)
      return `It asks for ${name} ${amount}; amounts are 0 or more.`;
  }
  // Mesos refuses a task without resources; gpus are whole devices there.
  if (Object.values(amounts).every((amount) => amount < 0.001)) return 'It asks for no resources at all.';
  if (!Number.isInteger(amounts.gpus)) return `It asks for ${amounts.gpus} gpus; they are whole devices.`;
  return null;
}
