import path from 'node:path';
import { airflowLog } from '../../api/logs.ts';
import type { AttemptRecord, TaskKey } from '../../framework/types.ts';
import type { SandboxFiles } from './agents.ts';
import { airflowLogPath, airflowLogs } from './paths.ts';

/** A search looks into so many folders at most. */
const mostFolders = 100;
const typeBits = 0o170000;
const folderBits = 0o040000;

/**
 * The path of a file that a person names: `airflow` stands for Airflow's own log of the try. That is where the default
 * template puts it; where the agent has no such file, the newest one below `logs`, for a workspace may have another.
 * Without `files` nobody is asked. Throws AgentAway.
 */
export async function airflowLogAt(
  files: SandboxFiles | undefined,
  attempt: AttemptRecord,
  key: TaskKey,
  name: string,
  signal?: AbortSignal,
): Promise<string> {
  if (name !== airflowLog) return name;
  const usual = airflowLogPath(key);
  if (!files || (await files.read(attempt, usual, 0, 0, signal))) return usual;
  return (await newestLog(files, attempt, signal)) ?? usual;
}

async function newestLog(
  files: SandboxFiles,
  attempt: AttemptRecord,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const folders = [airflowLogs];
  let newest: { readonly path: string; readonly at: number } | undefined;
  for (let index = 0; index < Math.min(folders.length, mostFolders); index += 1) {
    const folder = folders[index] ?? '';
    for (const info of (await files.list(attempt, folder, signal)) ?? []) {
      const inside = path.posix.join(folder, path.posix.basename(info.path));
      const at = info.mtime?.nanoseconds ?? 0;
      if (((info.mode ?? 0) & typeBits) === folderBits) folders.push(inside);
      else if (inside.endsWith('.log') && (!newest || at > newest.at)) newest = { path: inside, at };
    }
  }
  return newest?.path;
}
