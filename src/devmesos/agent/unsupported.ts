import type { TaskInfo } from '../../mesos/types.ts';

/** What of a task this agent can't do yet: it fails rather than run without it. */
export function unsupportedPart(
  task: Pick<TaskInfo, 'container' | 'check' | 'health_check'>,
): { message: string; reason: string } | undefined {
  const container = task.container as { type?: string; mesos?: { image?: object } } | undefined;
  if (container?.mesos?.image) {
    return {
      message:
        'Failed to launch container: images of the Mesos containerizer are not supported by this development agent: use a container of type DOCKER',
      reason: 'REASON_CONTAINER_LAUNCH_FAILED',
    };
  }
  if (container?.type === 'DOCKER' && (task.check ?? task.health_check)) {
    return {
      message:
        'Failed to launch container: checks of tasks in Docker containers are not supported by this development agent',
      reason: 'REASON_CONTAINER_LAUNCH_FAILED',
    };
  }
  return undefined;
}
