import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DockerEngine } from '../../docker/engine.ts';
import { followLog } from '../../docker/logs.ts';
import { makePrivateFolder } from '../../host/files.ts';
import { clusterFolder, type UserFolders } from '../../host/folders.ts';
import type { Phases } from '../phases.ts';
import { count } from './amounts.ts';
import { removeFound } from './delete.ts';
import { stopParts } from './down.ts';
import { findInDocker, type FoundCluster } from './found.ts';
import { forgetRuntime } from './hostCopy.ts';
import { volumeNames } from './inside.ts';
import { together } from './together.ts';

/** Of each log the last lines that are saved. */
const savedLines = 5000;

/**
 * Undoes a start that failed or was cancelled. What it made goes, after its containers' logs were copied to this machine;
 * a cluster that was there before stays, stopped, with its containers and volumes. Never throws away what it did not make.
 */
export async function rollBack(
  engine: DockerEngine,
  before: FoundCluster,
  folders: UserFolders,
  phases: Phases,
): Promise<void> {
  const { name } = before;
  const folder = clusterFolder(folders, name);
  await forgetRuntime(folder);
  const now = await findInDocker(engine, name, new AbortController().signal);
  const wasThere = before.volumes.some(({ part }) => part === volumeNames.state);
  const made = wasThere ? now : without(now, before);
  if (made.containers.length + made.volumes.length + made.networks.length === 0) return;
  await phases.run(wasThere ? 'Stop' : 'Roll back', async (phase) => {
    phase.update('saving the logs of its containers');
    const saved = await saveLogs(engine, made, folder.logs);
    if (wasThere) await stopParts(engine, now, phase);
    else {
      phase.update(`removing ${count(made.containers.length, 'container')}`);
      await removeFound(engine, made);
    }
    const did = wasThere ? 'the cluster is stopped, as it was' : 'what was made is removed';
    return { detail: `${did}${saved > 0 ? `; logs are in ${folder.logs}` : ''}`, value: undefined };
  });
}

/** What came into being since. */
function without(now: FoundCluster, before: FoundCluster): FoundCluster {
  const ids = new Set([...before.containers, ...before.tasks, ...before.networks].map(({ id }) => id));
  const volumes = new Set(before.volumes.map(({ name }) => name));
  return {
    ...now,
    containers: now.containers.filter(({ id }) => !ids.has(id)),
    tasks: now.tasks.filter(({ id }) => !ids.has(id)),
    networks: now.networks.filter(({ id }) => !ids.has(id)),
    volumes: now.volumes.filter(({ name }) => !volumes.has(name)),
  };
}

/** Copies logs to `<folder>/<part>.log`. Returns how many had something in them. */
async function saveLogs(engine: DockerEngine, found: FoundCluster, folder: string): Promise<number> {
  await makePrivateFolder(folder);
  const started = found.containers.filter(({ state }) => state !== 'created');
  await together(
    started.map(async ({ id, part }) => {
      const container = engine.docker.getContainer(id);
      const options = { lines: savedLines, follow: false, signal: new AbortController().signal };
      const lines = async function* (): AsyncGenerator<string, void, undefined> {
        for await (const { text } of followLog(container, options)) yield `${text}\n`;
      };
      const file = createWriteStream(path.join(folder, `${part}.log`), { mode: 0o600 });
      await pipeline(Readable.from(lines()), file);
    }),
  );
  return started.length;
}
