import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import * as z from 'zod/mini';
import { programFiles } from '../../engines/program.ts';
import { plainEnvironment } from '../../host/environment.ts';
import { ExplainedError } from '../../host/errors.ts';
import { serviceNode } from '../../host/node.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';

const served = z.object({
  type: z.literal('serving'),
  name: z.string(),
  from: z.int(),
  to: z.int(),
  cut_off: z.boolean(),
  cluster: z.string(),
});
const failed = z.object({
  type: z.literal('error'),
  error: z.string(),
  why: z.nullable(z.string()),
  next: z.nullable(z.string()),
  kind: z.nullable(z.string()),
});
const firstLine = z.discriminatedUnion('type', [served, failed]);

/** A recording that a child of this process serves. */
export interface Served extends Readonly<z.infer<typeof served>> {
  /** Resolves when it has ended, by whomever. */
  readonly ended: Promise<void>;
  /** Ends it in order. */
  stop(): void;
}

/** What the service says of a recording that it cannot serve. */
class NotServed extends CommandError {
  constructor({ error, why, next, kind }: z.infer<typeof failed>) {
    super(exitCodes.failed, error, { ...(why === null ? {} : { why }), ...(next === null ? {} : { next }) });
    this.name = kind ?? 'NotServed';
  }
}

/** Serves a recording by the service's program, until this process ends. Throws what is wrong with it. */
export async function serveRecording(
  file: string,
  { name, speed }: { readonly name: string; readonly speed: number },
  context: Context,
): Promise<Served> {
  const recording = path.resolve(context.cwd, file);
  if (!fs.existsSync(recording)) {
    throw new CommandError(exitCodes.usage, `There is no file ${recording}`, {
      next: '`mesos-airflow record` makes one.',
    });
  }
  const program = programFiles(context.entry);
  const node = await serviceNode(program.packageRoot, context.env.MESOS_AIRFLOW_NODE);
  const args = ['--replay', recording, '--name', name, '--speed', String(speed)];
  const child = spawn(node, [path.join(program.bundles, 'service.cjs'), ...args], {
    env: { ...plainEnvironment(), ELECTRON_RUN_AS_NODE: '1', NODE_NO_WARNINGS: '1' },
    // It ends when its standard input does, which also our own end by a signal brings about.
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  const words: string[] = [];
  readline.createInterface({ input: child.stderr }).on('line', (line) => words.push(line));
  const line = await lineOf(child);
  const said = firstLine.safeParse(line);
  if (!said.success) {
    child.kill();
    throw new ExplainedError('The recording cannot be served', {
      why: words.slice(-5).join('\n') || 'its service ended without a word',
    });
  }
  if (said.data.type === 'error') throw new NotServed(said.data);
  return { ...said.data, ended, stop: () => child.stdin.end() };
}

/** The first line that it says, as JSON; undefined where it ends without one. */
async function lineOf(child: ChildProcess & { readonly stdout: NodeJS.ReadableStream }): Promise<unknown> {
  const lines = readline.createInterface({ input: child.stdout });
  return new Promise((resolve) => {
    lines.once('line', (line) => resolve(parsed(line)));
    lines.once('close', () => resolve(undefined));
    child.once('error', () => resolve(undefined));
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Something else that was said there.
    return undefined;
  }
}
