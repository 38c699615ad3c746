import type { AttemptRecord } from '../../framework/types.ts';
import { AgentFiles } from '../../mesos/agentFiles.ts';
import type { Authorization } from '../../mesos/authorization.ts';
import { MesosHttpError, MesosUnreachableError, NoAnswerError } from '../../mesos/errors.ts';
import type { FilePart } from '../../mesos/files.ts';
import type { FileInfo } from '../../mesos/types.ts';
import { AgentAway } from '../agentAway.ts';
import type { AttemptAgents } from '../attemptAgents.ts';
import { HttpProblem } from '../http/problem.ts';

/** Files of sandboxes as agents give them; undefined where there is no such file. Both throw AgentAway. */
export interface SandboxFiles {
  /** At most 64 KiB at once. */
  read(
    attempt: AttemptRecord,
    file: string,
    offset: number,
    length: number,
    signal?: AbortSignal,
  ): Promise<FilePart | undefined>;
  /** What is in a folder; the last part of each path is its name. */
  list(attempt: AttemptRecord, folder: string, signal?: AbortSignal): Promise<FileInfo[] | undefined>;
}

export interface AgentsOptions {
  readonly authorization: Authorization;
  readonly places: AttemptAgents;
}

/** An agent answers within this, or counts as away. Milliseconds. */
const answerMs = 10_000;
/** Calls to one agent at a time: a thousand files that are followed do not open a thousand connections. */
const connections = 16;

/**
 * The agents' own files, each agent by the address that the master has of it: one that does not answer, or that has no
 * such file, is looked up anew, for it may be elsewhere by now and another in its place.
 */
export class SandboxAgents implements SandboxFiles {
  readonly #options: AgentsOptions;
  readonly #clients = new Map<string, AgentFiles>();

  constructor(options: AgentsOptions) {
    this.#options = options;
  }

  read(
    attempt: AttemptRecord,
    file: string,
    offset: number,
    length: number,
    signal?: AbortSignal,
  ): Promise<FilePart | undefined> {
    return this.#ask(attempt, (agent) => agent.read(sandboxOf(attempt), file, offset, length, { signal }));
  }

  list(attempt: AttemptRecord, folder: string, signal?: AbortSignal): Promise<FileInfo[] | undefined> {
    return this.#ask(attempt, (agent) => agent.list(sandboxOf(attempt), folder, { signal }));
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  async #ask<T>(
    attempt: AttemptRecord,
    ask: (agent: AgentFiles) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const { places } = this.#options;
    const known = places.known(attempt);
    if (known === undefined) return this.#askAt(await places.now(attempt), attempt, ask);
    let failure: AgentAway | undefined;
    try {
      const got = await this.#askAt(known, attempt, ask);
      if (got !== undefined) return got;
    } catch (error) {
      if (!(error instanceof AgentAway)) throw error;
      failure = error;
    }
    const now = await places.now(attempt, failure?.problem.why);
    if (now !== known) return this.#askAt(now, attempt, ask);
    if (failure) throw failure;
    return undefined;
  }

  async #askAt<T>(
    address: string,
    attempt: AttemptRecord,
    ask: (agent: AgentFiles) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    try {
      return await ask(this.#client(address));
    } catch (error) {
      if (error instanceof MesosHttpError && error.status === 400) throw refused(error);
      const isAway =
        error instanceof MesosUnreachableError ||
        error instanceof NoAnswerError ||
        (error instanceof MesosHttpError && error.status >= 500);
      throw isAway ? new AgentAway(attempt, true, error.message) : error;
    }
  }

  #client(address: string): AgentFiles {
    const known = this.#clients.get(address);
    if (known) return known;
    const { authorization } = this.#options;
    const client = new AgentFiles({ address: `http://${address}`, authorization, answerMs, connections });
    this.#clients.set(address, client);
    return client;
  }
}

/** A folder in place of a file, or what leads out of the sandbox by a symbolic link. */
function refused(error: MesosHttpError): HttpProblem {
  return new HttpProblem(400, {
    error: 'The agent does not give this out',
    why: error.body.trim(),
    next: 'Only files within the sandbox can be read, also behind symbolic links.',
  });
}

function sandboxOf(attempt: AttemptRecord): { frameworkId: string; executorId: string } {
  return { frameworkId: attempt.framework_id, executorId: attempt.executor_id };
}
