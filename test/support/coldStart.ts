import { createInterface } from 'node:readline';
import os from 'node:os';
import { startCommand } from './commandLine.ts';

/** One line of the table of where the time of a start went; seconds since the command was given. */
export interface Stretch {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

export interface ColdStart {
  /** From the command to the first DAG run's success. */
  readonly seconds: number;
  readonly load: number;
  readonly table: readonly Stretch[];
}

/** The lines of `--progress json` that tell where the time goes (docs/cli.md). */
interface ProgressLine {
  readonly type: string;
  readonly phase?: string;
  readonly state?: string;
}

/** Runs `up --run weather_report` until the run's success, then ends the command in order, as Ctrl-C does. */
export async function coldStart(args: readonly string[], env: NodeJS.ProcessEnv): Promise<ColdStart> {
  const load = os.loadavg()[0] ?? 0;
  const began = Date.now();
  const now = (): number => Math.round((Date.now() - began) / 100) / 10;
  const command = startCommand(['up', ...args, '--run', 'weather_report', '--progress', 'json'], { env });
  const begun = new Map<string, number>();
  const table: Stretch[] = [];
  let ready = 0;
  let seconds: number | undefined;
  const { stdout } = command.child;
  if (!stdout) throw new Error('the command has no output');
  for await (const text of createInterface({ input: stdout })) {
    const line = JSON.parse(text) as ProgressLine;
    if (line.type === 'phase' && line.phase !== undefined) {
      if (!begun.has(line.phase)) begun.set(line.phase, now());
      if (line.state === 'done')
        table.push({ what: line.phase, from: begun.get(line.phase) ?? 0, to: now() });
    }
    if (line.type === 'ready') ready = now();
    if (line.type !== 'run') continue;
    table.push({ what: 'DAG run, from the cluster being ready', from: ready, to: now() });
    if (line.state === 'success') seconds = now();
    break;
  }
  // readline has paused it.
  stdout.resume();
  command.child.kill('SIGINT');
  const { status, stderr } = await command.ended;
  if (seconds === undefined) throw new Error(`no success; the command ended with ${status}: ${stderr}`);
  return { seconds, load, table };
}

/** The result of some starts: the median, with its table. */
export function median(name: string, runs: readonly ColdStart[]): object {
  const sorted = [...runs].sort((one, other) => one.seconds - other.seconds);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return {
    name,
    value: middle?.seconds,
    unit: 's',
    ratio: null,
    ratios: [],
    runs: runs.map(({ seconds, load }) => ({ seconds, load })),
    table: middle?.table,
  };
}
