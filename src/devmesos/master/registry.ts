import fs from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../host/errors.ts';
import { readIfThere, writePrivateFile } from '../../host/files.ts';
import type { Log } from '../log.ts';
import type { RegisteredAgentInfo } from './agent.ts';

/** As Mesos' registry_max_agent_age: milliseconds that an agent that is lost or given up is remembered. */
const longestMemory = 14 * 24 * 3600_000;

/** What is written. Times in milliseconds since the epoch. */
interface Written {
  readonly admitted: readonly RegisteredAgentInfo[];
  readonly unreachable: Readonly<Record<string, number>>;
  readonly gone: Readonly<Record<string, number>>;
}

/**
 * Which agents there are, for a master that comes after this one: as in Mesos, agents and nothing else. Frameworks and tasks
 * are told by schedulers and agents when they come back. Without a folder it ends with the master, as `in_memory` does.
 */
export class Registry {
  /** By id. */
  readonly #admitted: Map<string, RegisteredAgentInfo>;
  /** Agents lost, with when. */
  readonly #unreachable: Map<string, number>;
  /** Agents that an operator gave up for good, with when. */
  readonly #gone: Map<string, number>;
  readonly #file: string | undefined;
  readonly #log: Log;
  #isWriting = false;
  #isChanged = false;
  #written: Promise<void> = Promise.resolve();

  private constructor(written: Written, file: string | undefined, log: Log) {
    this.#admitted = new Map(written.admitted.map((info) => [info.id.value, info]));
    this.#unreachable = new Map(Object.entries(written.unreachable));
    this.#gone = new Map(Object.entries(written.gone));
    this.#file = file;
    this.#log = log;
  }

  /** Reads what an earlier master of this folder wrote. What can't be read is set aside and said. */
  static async open(folder: string | undefined, now: number, log: Log): Promise<Registry> {
    const file = folder === undefined ? undefined : path.join(folder, 'registry.json');
    const { admitted, unreachable, gone } =
      (file === undefined ? undefined : await read(file, log)) ?? nothing;
    const young = (times: Readonly<Record<string, number>>): Record<string, number> =>
      Object.fromEntries(Object.entries(times).filter(([, time]) => now - time < longestMemory));
    return new Registry({ admitted, unreachable: young(unreachable), gone: young(gone) }, file, log);
  }

  get admitted(): ReadonlyMap<string, RegisteredAgentInfo> {
    return this.#admitted;
  }

  get unreachable(): ReadonlyMap<string, number> {
    return this.#unreachable;
  }

  get gone(): ReadonlyMap<string, number> {
    return this.#gone;
  }

  /** An agent registered, or is back. */
  admit(info: RegisteredAgentInfo): void {
    this.#unreachable.delete(info.id.value);
    this.#admitted.set(info.id.value, info);
    this.#changed();
  }

  markUnreachable(agentId: string, now: number): void {
    this.#admitted.delete(agentId);
    this.#unreachable.set(agentId, now);
    this.#changed();
  }

  markGone(agentId: string, now: number): void {
    this.#admitted.delete(agentId);
    this.#unreachable.delete(agentId);
    this.#gone.set(agentId, now);
    this.#changed();
  }

  /** It took leave. */
  remove(agentId: string): void {
    this.#admitted.delete(agentId);
    this.#changed();
  }

  /** Resolves when all is written that can be. */
  settled(): Promise<void> {
    return this.#written;
  }

  /** What changes while a file is written is written after it, together. */
  #changed(): void {
    this.#isChanged = true;
    if (this.#file === undefined || this.#isWriting) return;
    this.#isWriting = true;
    this.#written = this.#write(this.#file);
  }

  async #write(file: string): Promise<void> {
    while (this.#isChanged) {
      this.#isChanged = false;
      const written: Written = {
        admitted: [...this.#admitted.values()],
        unreachable: Object.fromEntries(this.#unreachable),
        gone: Object.fromEntries(this.#gone),
      };
      try {
        await writePrivateFile(file, JSON.stringify(written));
      } catch (error) {
        // The real master ends itself. Ours goes on, and the next change tries again.
        this.#log(`the registry could not be written: ${messageOf(error)}`);
      }
    }
    this.#isWriting = false;
  }
}

const nothing: Written = { admitted: [], unreachable: {}, gone: {} };

async function read(file: string, log: Log): Promise<Written | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  const written = parse(text);
  if (written) return written;
  const aside = `${file}.broken`;
  await fs.rename(file, aside);
  log(
    `the registry can't be read and was set aside as ${aside}: agents that come back are taken as unknown ones`,
  );
  return undefined;
}

function parse(text: string): Written | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { admitted, unreachable, gone } = value;
  if (!Array.isArray(admitted) || !admitted.every(isAgent) || !isTimes(unreachable) || !isTimes(gone))
    return undefined;
  return { admitted, unreachable, gone };
}

function isAgent(value: unknown): value is RegisteredAgentInfo {
  return (
    isRecord(value) &&
    typeof value.hostname === 'string' &&
    isRecord(value.id) &&
    typeof value.id.value === 'string'
  );
}

function isTimes(value: unknown): value is Record<string, number> {
  return isRecord(value) && Object.values(value).every((time) => typeof time === 'number');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
