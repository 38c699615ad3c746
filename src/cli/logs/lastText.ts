import type { ClusterLink } from '../cluster.ts';
import { fromLastLines } from './lastLines.ts';
import { readLog } from './read.ts';

/** The last lines of a task's standard output as it stands. */
export async function lastText(
  link: ClusterLink,
  id: string,
  lines: number,
  signal: AbortSignal,
): Promise<string> {
  const options = { id, file: 'stdout', follow: false, whole: false, signal, tell: () => undefined };
  const parts: Buffer[] = [];
  for await (const event of fromLastLines((offset) => readLog(link, { ...options, offset }), lines)) {
    if (event.type === 'data') parts.push(event.data);
  }
  return Buffer.concat(parts).toString();
}
