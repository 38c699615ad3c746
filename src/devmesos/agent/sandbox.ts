import fs from 'node:fs/promises';
import path from 'node:path';

/** Which run of which executor. A command task's executor id is its task id. */
export interface ContainerPath {
  readonly agentId: string;
  readonly frameworkId: string;
  readonly executorId: string;
  readonly containerId: string;
}

/** `<work_dir>/slaves/<agent>/frameworks/<framework>/executors/<executor>/runs/<container>`, as on Mesos. */
export function sandboxPath(workDir: string, container: ContainerPath): string {
  return path.join(runsPath(workDir, container), container.containerId);
}

function runsPath(
  workDir: string,
  { agentId, frameworkId, executorId }: Omit<ContainerPath, 'containerId'>,
): string {
  return path.join(workDir, 'slaves', agentId, 'frameworks', frameworkId, 'executors', executorId, 'runs');
}

/** Makes a sandbox (0750) and points `runs/latest` to it. Returns its path. */
export async function makeSandbox(workDir: string, container: ContainerPath): Promise<string> {
  const runs = runsPath(workDir, container);
  const sandbox = sandboxPath(workDir, container);
  await fs.mkdir(runs, { recursive: true, mode: 0o755 });
  await fs.mkdir(sandbox, { mode: 0o750 });
  const latest = path.join(runs, 'latest');
  const fresh = `${latest}.${container.containerId}`;
  await fs.symlink(sandbox, fresh);
  // Replaces an older link in one step.
  await fs.rename(fresh, latest);
  return sandbox;
}
