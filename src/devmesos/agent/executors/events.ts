import type { AgentInfo, KillPolicy, TaskInfo, TaskStatus } from '../../../mesos/types.ts';
import { stringify } from '../../json.ts';
import { printedExecutor, printedFramework, printedTask } from '../../protoDefaults.ts';
import type { Executor, QueuedLaunch } from './executor.ts';

// Events of the executor API.

export function subscribed({ info, framework, containerId }: Executor, agent: AgentInfo): object {
  return {
    type: 'SUBSCRIBED',
    subscribed: {
      executor_info: info,
      framework_info: framework,
      agent_info: agent,
      container_id: { value: containerId },
    },
  };
}

export function launch({ tasks, isGroup }: QueuedLaunch): object {
  return isGroup
    ? { type: 'LAUNCH_GROUP', launch_group: { task_group: { tasks } } }
    : { type: 'LAUNCH', launch: { task: tasks[0] } };
}

export function acknowledged({ task_id, uuid }: TaskStatus): object {
  return { type: 'ACKNOWLEDGED', acknowledged: { task_id, uuid } };
}

export function kill({ task_id }: Pick<TaskInfo, 'task_id'>, killPolicy: KillPolicy | undefined): object {
  return { type: 'KILL', kill: { task_id, ...(killPolicy ? { kill_policy: killPolicy } : {}) } };
}

export const shutdown = { type: 'SHUTDOWN' } as const;
export const heartbeat = { type: 'HEARTBEAT' } as const;

interface Printable {
  readonly subscribed?: {
    readonly executor_info: Parameters<typeof printedExecutor>[0];
    readonly framework_info: Parameters<typeof printedFramework>[0];
  };
  readonly launch?: { readonly task: TaskInfo };
  readonly launch_group?: { readonly task_group: { readonly tasks: readonly TaskInfo[] } };
}

/** As JSON, with what Mesos prints though it is unset. */
export function eventText(event: object): string {
  const { subscribed: subscription, launch: one, launch_group: group } = event as Printable;
  return stringify({
    ...event,
    ...(subscription
      ? {
          subscribed: {
            ...subscription,
            executor_info: printedExecutor(subscription.executor_info),
            framework_info: printedFramework(subscription.framework_info),
          },
        }
      : {}),
    ...(one ? { launch: { task: printedTask(one.task) } } : {}),
    ...(group ? { launch_group: { task_group: { tasks: group.task_group.tasks.map(printedTask) } } } : {}),
  });
}
