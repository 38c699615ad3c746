import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ExplainedError } from '../host/errors.ts';
import { exitCodes } from './exitCodes.ts';

/** The line that a part prints once it is ready. */
export interface ReadyLine {
  readonly ready: true;
  readonly url: string;
  readonly port: number;
  readonly agent_id?: string;
}

/** How a part ended. */
export interface PartEnd {
  readonly name: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines of its log. */
  readonly lastLines: readonly string[];
}

/** A master or an agent as a child process. */
export interface Part {
  readonly name: string;
  readonly pid: number;
  /** Rejects with ExplainedError if it ends first, or takes too long. */
  readonly ready: Promise<ReadyLine>;
  readonly ended: Promise<PartEnd>;
  portWasInUse(): Promise<boolean>;
  /** SIGTERM, SIGKILL if that doesn't do; resolves when it is gone. */
  stop(): Promise<void>;
}

export interface PartOptions {
  readonly name: string;
  readonly node: string;
  readonly args: readonly string[];
  /** Milliseconds. */
  readonly readyWithin: number;
  readonly onLog?: (line: string) => void;
}

/** Milliseconds for a part to end by itself: an agent gives its tasks two seconds. */
const stopGrace = 6000;
const keptLines = 20;

export function startPart({ name, node, args, readyWithin, onLog }: PartOptions): Part {
  const child = spawn(node, [...args, '--quit-with-stdin'], {
    // In a session of its own: a Ctrl-C in our terminal is for us alone, we end it in good order.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    windowsHide: true,
  });
  child.stdin.on('error', () => undefined);
  const lastLines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
    onLog?.(line);
  });
  let startError: Error | undefined;
  const ended = new Promise<PartEnd>((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null): void =>
      resolve({ name, code, signal, lastLines });
    child.once('error', (error) => {
      startError = error;
      if (child.pid === undefined) end(1, null);
    });
    child.once('close', end);
  });
  const ready = new Promise<ReadyLine>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new ExplainedError(`${name} was not ready within ${readyWithin / 1000} s`, {
          why: lastLines.at(-1) ?? '',
        }),
      );
    }, readyWithin);
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      resolve(JSON.parse(line) as ReadyLine);
    });
    void ended.then(({ code, signal }) => {
      clearTimeout(timer);
      const why = startError?.message ?? lastLines.join('\n');
      reject(
        new ExplainedError(`${name} ended with ${signal ?? `exit code ${code ?? '?'}`} before it was ready`, {
          why,
        }),
      );
    });
  });
  // Whoever asks for readiness gets the error; nobody has to.
  ready.catch(() => undefined);
  return {
    name,
    pid: child.pid ?? 0,
    ready,
    ended,
    portWasInUse: async () => (await ended).code === exitCodes.portInUse,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopGrace);
      await ended;
      clearTimeout(timer);
    },
  };
}
