import type Docker from 'dockerode';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { orUndefined } from '../../docker/daemonError.ts';

/** How many of a folder's entries are looked at. */
const looks = 8;

const stated = z.object({ size: z.number(), mode: z.number() });

/**
 * Whether a folder of this machine is what a container sees at a path: Docker in a virtual machine mounts what that has
 * there, which may be another folder or an empty one. Looks at some entries; `unknown` where the folder has none.
 */
export async function isSameFolder(
  container: Docker.Container,
  folder: string,
  target: string,
): Promise<'same' | 'other' | 'unknown'> {
  const entries = (await fs.readdir(folder, { withFileTypes: true })).filter(
    (entry) => entry.isFile() || entry.isDirectory(),
  );
  const some = entries.filter(({ name }) => name !== '__pycache__').slice(0, looks);
  if (some.length === 0) return 'unknown';
  const seen = await Promise.all(
    some.map(async (entry) => {
      const there = await statIn(container, `${target}/${entry.name}`);
      // Saved meanwhile by an editor, which renames: there in a moment.
      const here = await fs.stat(path.join(folder, entry.name)).catch(() => undefined);
      if (!here) return true;
      return there !== undefined && (entry.isDirectory() || there.size === here.size);
    }),
  );
  return seen.some((each) => each) ? 'same' : 'other';
}

async function statIn(container: Docker.Container, file: string): Promise<{ size: number } | undefined> {
  const answer: unknown = await orUndefined(container.infoArchive({ path: file }) as Promise<unknown>);
  const header = headers.safeParse(answer);
  if (!header.success) return undefined;
  const text = Buffer.from(header.data.headers['x-docker-container-path-stat'], 'base64').toString();
  return stated.parse(JSON.parse(text));
}

const headers = z.object({ headers: z.object({ 'x-docker-container-path-stat': z.string() }) });
