import fs from 'node:fs/promises';
import { endProcess, identify, type ProcessIdentity } from '../../host/processes.ts';

/** The variable that marks a part's processes: `<cluster folder>:<part>`. */
export const partMark = 'MESOS_AIRFLOW_PART';

/**
 * Ends processes of a part that nobody watches over: started by a service which was killed before it could write their
 * ids down, or left behind by a leader that died. They would hold the port that the part needs. Linux only, where /proc
 * tells a process' environment; elsewhere it does nothing.
 */
export async function endStrays(mark: string, graceMs: number): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const strays = await marked(mark);
  await Promise.all(strays.map((stray) => endProcess(stray, graceMs)));
  return strays.length;
}

async function marked(mark: string): Promise<ProcessIdentity[]> {
  const wanted = Buffer.from(`${partMark}=${mark}\0`);
  const found: ProcessIdentity[] = [];
  for (const name of await fs.readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (!(await fs.readFile(`/proc/${pid}/environ`)).includes(wanted)) continue;
    } catch {
      // Another user's process, or one that has just ended.
      continue;
    }
    const identity = await identify(pid);
    if (identity) found.push(identity);
  }
  return found;
}
