import fs from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, findCluster } from '../../client/discover.ts';
import type { Context } from '../context.ts';

/** How long its process may take to take its folder away. Milliseconds. */
const limitMs = 5000;

/** Closes the recording that is shown under a name. False where none is. */
export async function endRecording(name: string, { folders, interrupts }: Context): Promise<boolean> {
  const { signal } = interrupts;
  const found = await findCluster(name, folders);
  if (!found?.runtime?.recording) return false;
  const { client } = await connect(found, signal);
  await client.shutdown({ signal });
  const limit = Date.now() + limitMs;
  while ((await isThere(found.folder.root)) && Date.now() < limit) await delay(20, undefined, { signal });
  return true;
}

async function isThere(folder: string): Promise<boolean> {
  return fs.access(folder).then(
    () => true,
    () => false,
  );
}
