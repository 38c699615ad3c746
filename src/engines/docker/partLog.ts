import type Docker from 'dockerode';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { orUndefined } from '../../docker/daemonError.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import { followLog } from '../../docker/logs.ts';
import { ExplainedError } from '../../host/errors.ts';
import { clusterFolder, type UserFolders } from '../../host/folders.ts';
import { sizeOf } from '../../host/logFiles.ts';
import { followFile } from '../followFile.ts';
import { findInDocker, partOf } from './found.ts';

interface LogOptions {
  readonly lines: number;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** How often a container that ended is looked at whether it runs again, where its log is followed. Milliseconds. */
const lookMs = 500;

/**
 * The log of a part's container, over its restarts too; of one that is gone, what a start that failed has saved of it.
 * Throws ExplainedError where there is neither.
 */
export async function* partLog(
  engine: DockerEngine,
  folders: UserFolders,
  name: string,
  part: string,
  options: LogOptions,
): AsyncGenerator<string, void, undefined> {
  const found = await findInDocker(engine, name, options.signal);
  const container = partOf(found, part);
  if (container) {
    yield* containerLog(engine, container.id, options);
    return;
  }
  if (/^[a-z0-9-]+$/.test(part)) {
    const saved = path.join(clusterFolder(folders, name).logs, `${part}.log`);
    if ((await sizeOf(saved)) > 0) {
      yield* followFile(saved, { ...options, follow: false });
      return;
    }
  }
  const parts = found.containers.map((each) => each.part).sort();
  throw new ExplainedError(
    `The cluster “${name}” has no container of a part called ${JSON.stringify(part)}`,
    {
      ...(parts.length > 0 ? { next: `Its parts: ${parts.join(', ')}` } : {}),
    },
  );
}

async function* containerLog(
  engine: DockerEngine,
  id: string,
  { follow, lines, signal }: LogOptions,
): AsyncGenerator<string, void, undefined> {
  const container = engine.docker.getContainer(id);
  let which: { lines: number } | { since: Date } = { lines };
  for (;;) {
    for await (const { text } of followLog(container, { ...which, follow, signal })) yield text;
    if (!follow) return;
    // Docker ends the stream where the container ends, even if it starts it again.
    const since = await nextStart(container, signal);
    if (!since) return;
    which = { since };
  }
}

/** When the container was started again; undefined where it is gone, or nobody wants to know any more. */
async function nextStart(container: Docker.Container, signal: AbortSignal): Promise<Date | undefined> {
  while (!signal.aborted) {
    const about = await orUndefined(container.inspect());
    if (!about) return undefined;
    if (about.State.Running) return new Date(about.State.StartedAt);
    await delay(lookMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
