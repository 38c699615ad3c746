import { appendFileSync, rmSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod/mini';
import type { ClusterFolder } from '../host/folders.ts';
import { lockHolder } from '../host/lock.ts';

/** Between two looks at what the other one says. Milliseconds. */
const lookMs = 150;

const recorded = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('phase'),
    phase: z.string(),
    state: z.enum(['running', 'done', 'failed']),
    detail: z.string(),
    elapsedMs: z.number(),
  }),
  z.object({ type: z.literal('notice'), text: z.string(), following: z.optional(z.literal(true)) }),
]);

/** What is said of a start: the phases of the command line's engines (docs/cli.md), and notices. */
export type StartEvent = z.infer<typeof recorded>;
type Say = (event: StartEvent) => void;

/** Held by whoever brings the cluster up; the same for every engine. */
export function upLock(folder: ClusterFolder): string {
  return path.join(folder.root, 'up.lock');
}

export async function isBeingBroughtUp(folder: ClusterFolder): Promise<boolean> {
  return (await lockHolder(upLock(folder))) !== undefined;
}

/** What whoever brings the cluster up says of it, a line each; there while it is being brought up. */
export function recordFile(folder: ClusterFolder): string {
  return path.join(folder.root, 'up.jsonl');
}

/** Says on and writes down what is said of a start, for those who ask for the same meanwhile. Only who holds the lock does. */
export class StartRecord {
  readonly #file: string;
  readonly #progress: Say;
  #writes = false;

  constructor(folder: ClusterFolder, progress: Say) {
    this.#file = recordFile(folder);
    this.#progress = progress;
  }

  /** The lock is held: what an earlier start left is gone, and from now on each event is written down. */
  begin(): void {
    rmSync(this.#file, { force: true });
    this.#writes = true;
  }

  readonly report: Say = (event) => {
    this.#progress(event);
    if (this.#writes) this.#write(event);
  };

  end(): void {
    if (!this.#writes) return;
    this.#writes = false;
    rmSync(this.#file, { force: true });
  }

  #write(event: StartEvent): void {
    try {
      appendFileSync(this.#file, `${JSON.stringify(event)}\n`, { mode: 0o600 });
    } catch {
      // A full disk, a deleted folder: the start itself says so. Who follows it sees less.
      this.#writes = false;
    }
  }
}

/** Says on what another one's start says, from its beginning, until the signal is aborted. Never throws. */
export async function followRecord(folder: ClusterFolder, progress: Say, signal: AbortSignal): Promise<void> {
  const file = recordFile(folder);
  let at = 0;
  while (!signal.aborted) {
    const text = await read(file);
    // Another start has begun to write.
    if (text.length < at) at = 0;
    const end = text.lastIndexOf('\n') + 1;
    for (const line of text.slice(at, end).split('\n').slice(0, -1)) {
      const event = eventOf(line);
      if (event && !isOver(signal)) progress(event);
    }
    at = end;
    await delay(lookMs, undefined, { signal }).catch(() => undefined);
  }
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Empty where there is none yet, or none any more: what cannot be read is not followed. */
function read(file: string): Promise<string> {
  return fs.readFile(file, 'utf8').catch(() => '');
}

/** Undefined of a line of another version. */
function eventOf(line: string): StartEvent | undefined {
  try {
    const parsed = recorded.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
