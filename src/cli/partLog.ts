import fs from 'node:fs/promises';
import { findCluster, type KnownCluster } from '../client/discover.ts';
import { checkName } from '../engines/settings.ts';
import { codeOf } from '../host/errors.ts';
import type { Context } from './context.ts';
import { engineOf } from './engine.ts';
import { CommandError } from './errors.ts';
import { exitCodes } from './exitCodes.ts';

const usualLines = 100;

/** Prints the end of a part's log, of a running or a stopped cluster, and with `follow` what is written until Ctrl-C. */
export async function showPartLog(
  context: Context,
  name: string,
  part: string,
  options: { readonly lines: number | undefined; readonly follow: boolean },
): Promise<void> {
  const { follow, lines = usualLines } = options;
  const { signal } = context.interrupts;
  const cluster = await findCluster(checkName(name), context.folders);
  const engine = await engineOf(context, name);
  const parts = cluster ? await partsOf(cluster) : undefined;
  if (parts && !parts.includes(part)) {
    throw new CommandError(exitCodes.notFound, `${name} has no part called ${part}`, {
      next: parts.length > 0 ? `Its parts: ${parts.join(', ')}` : 'It has not been started yet.',
    });
  }
  for await (const line of engine.partLog(name, part, { lines, follow, signal })) context.out.line(line);
}

/** The parts whose logs there can be; undefined where the folder does not tell. */
async function partsOf({ folder, spec }: KnownCluster): Promise<string[] | undefined> {
  if (spec?.engine === 'docker') return ['service', ...spec.parts.map((part) => part.name)];
  if (!spec) return undefined;
  try {
    const logs = (await fs.readdir(folder.logs)).filter((file) => file.endsWith('.log'));
    return logs.map((file) => file.slice(0, -'.log'.length)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
