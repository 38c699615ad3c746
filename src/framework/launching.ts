import type { TaskInfo } from '../mesos/types.ts';
import type { Placement, Pool } from './matching.ts';
import type { Settings } from './options.ts';
import { publicTask } from './records.ts';
import { taskInfo } from './taskInfo.ts';
import { hashOf, newSecret } from './tickets.ts';
import type { Launcher } from './types.ts';
import type { Work } from './work.ts';

/**
 * Makes the attempt of each placement, in the transaction that must be committed before the offers are accepted. A
 * request whose TaskInfo cannot be made fails, and its place stays empty.
 */
export function launch(
  work: Work,
  pools: readonly Pool[],
  frameworkId: string,
  launcher: Launcher,
  settings: Settings,
): Map<Pool, TaskInfo[]> {
  const launches = new Map<Pool, TaskInfo[]>();
  for (const pool of pools) {
    const tasks = pool.placements.flatMap((placement) => {
      const task = launchOne(work, pool, placement, frameworkId, launcher, settings);
      return task ? [task] : [];
    });
    if (tasks.length > 0) launches.set(pool, tasks);
  }
  return launches;
}

function launchOne(
  work: Work,
  pool: Pool,
  { id, resources }: Placement,
  frameworkId: string,
  launcher: Launcher,
  settings: Settings,
): TaskInfo | null {
  const request = work.store.requests.get(id);
  if (request?.state !== 'queued') return null;
  const number = request.attempt + 1;
  const mesosTaskId = `${id}.${number}`;
  const ticket = newSecret();
  const task = publicTask(request, null);
  let info: TaskInfo;
  try {
    const agent = {
      id: pool.agentId,
      name: pool.agent,
      hostname: pool.hostname,
      address: pool.address,
      attributes: pool.attributes,
    };
    const parts = launcher({ request: task, mesos_task_id: mesosTaskId, attempt: number, ticket, agent });
    info = taskInfo(parts, task, mesosTaskId, pool.agentId, resources);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    work.change(request, { state: 'failed', info: `It could not be made into a Mesos task: ${why}` });
    return null;
  }
  work.launch({
    mesos_task_id: mesosTaskId,
    request_id: id,
    attempt: number,
    agent_id: pool.agentId,
    agent: pool.agent,
    agent_address: pool.address,
    framework_id: frameworkId,
    executor_id: mesosTaskId,
    container_id: null,
    state: 'TASK_STAGING',
    reason: null,
    source: null,
    message: null,
    launched: work.now,
    running: null,
    redeemed: null,
    ended: null,
    ticket_hash: hashOf(ticket),
    ticket_expires: work.now + settings.ticketLifetimeMs,
    receipt_hash: null,
    superseded: false,
    kill: null,
  });
  work.change(request, {
    state: 'launched',
    info: '',
    attempt: number,
    mesos_task_id: mesosTaskId,
    agent_id: pool.agentId,
    agent: pool.agent,
    launched: work.now,
    started: null,
    not_before: null,
  });
  return info;
}
