import { recordedParts } from '../../api/cluster.ts';
import { readIfThere } from '../../host/files.ts';
import type { ClusterFolder } from '../../host/folders.ts';
import { endProcess, isAlive, signalGroup, type ProcessIdentity } from '../../host/processes.ts';

export interface LivingPart extends ProcessIdentity {
  readonly name: string;
}

/** The processes of a cluster that were recorded and still live, in the order of their start. */
export async function livingParts(folder: ClusterFolder): Promise<LivingPart[]> {
  const text = await readIfThere(folder.parts);
  if (text === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const parsed = recordedParts.safeParse(value);
  if (!parsed.success) return [];
  const parts = parsed.data.parts.map(({ name, pid, started }) => ({ name, pid, started }));
  const alive = await Promise.all(parts.map((part) => isAlive(part)));
  return parts.filter((_, index) => alive[index] === true);
}

/** Ends what still lives of a cluster without its service, the last started first. Returns how many there were. */
export async function endLivingParts(folder: ClusterFolder, graceMs: number): Promise<number> {
  const parts = await livingParts(folder);
  for (const part of [...parts].reverse()) await endProcess(part, graceMs);
  return parts.length;
}

/** Kills them at once, for a person who will not wait. Those that are gone are no matter. */
export function killParts(parts: readonly ProcessIdentity[]): void {
  for (const part of parts) signalGroup(part.pid, 'SIGKILL');
}
