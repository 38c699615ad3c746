import type { TaskInfo } from '../../mesos/types.ts';

/** What of a task this agent can't do yet: it fails rather than run without it. */
export function unsupportedPart(
  task: TaskInfo,
  containerId: string,
): { message: string; reason: string } | undefined {
  const container = task.container as { type?: string; mesos?: { image?: object } } | undefined;
  if (container?.type === 'DOCKER' || container?.mesos?.image) {
    return {
      message:
        'Failed to launch container: images are not supported by this development agent yet: it runs commands as processes',
      reason: 'REASON_CONTAINER_LAUNCH_FAILED',
    };
  }
  if ((task.command?.uris ?? []).length > 0) {
    return {
      message: `Failed to launch container: Failed to fetch all URIs for container '${containerId}': this development agent does not fetch yet`,
      reason: 'REASON_CONTAINER_LAUNCH_FAILED',
    };
  }
  return undefined;
}
