import { AgentClient } from './agent.ts';
import { MesosHttpError } from './errors.ts';
import { sandboxPath, type FilePart } from './files.ts';
import { LegacyFiles } from './legacyFiles.ts';
import type { FileInfo } from './types.ts';
import type { CallOptions, V1ApiOptions } from './v1Api.ts';

/** Whose sandbox: that of the executor's newest container. */
export interface SandboxOf {
  readonly frameworkId: string;
  readonly executorId: string;
}

/** What an agent answers that has no operator API, or that does not let us use it. */
const withoutApi: ReadonlySet<number> = new Set([403, 404, 405, 501]);

/**
 * Files in the sandboxes of one agent: by its operator API, or where it has none by the older /files endpoints. Undefined
 * where there is no such file. Errors are those of V1Api.ask.
 */
export class AgentFiles {
  readonly #api: AgentClient;
  readonly #legacy: LegacyFiles;
  #kind: 'unknown' | 'api' | 'legacy' = 'unknown';
  readonly #directories = new Map<string, string>();

  /** @throws InvalidAddressError */
  constructor(options: V1ApiOptions) {
    this.#api = new AgentClient(options);
    this.#legacy = new LegacyFiles(options);
  }

  /** At most 64 KiB (`maxReadLength`) a call. */
  read(
    of: SandboxOf,
    file: string,
    offset: number,
    length: number,
    options: CallOptions = {},
  ): Promise<FilePart | undefined> {
    return this.#either(
      of,
      file,
      (path) => this.#api.readFile(path, offset, length, options),
      (path) => this.#legacy.read(path, offset, length, options),
      options,
    );
  }

  /** What is in a folder. Paths begin with that of the sandbox, which ends before `folder`. */
  list(of: SandboxOf, folder: string, options: CallOptions = {}): Promise<FileInfo[] | undefined> {
    return this.#either(
      of,
      folder,
      (path) => this.#api.listFiles(path, options),
      (path) => this.#legacy.list(path, options),
      options,
    );
  }

  close(): void {
    this.#api.close();
    this.#legacy.close();
  }

  async #either<T>(
    of: SandboxOf,
    inside: string,
    byApi: (path: string) => Promise<T>,
    byLegacy: (path: string) => Promise<T>,
    options: CallOptions,
  ): Promise<T | undefined> {
    if (this.#kind !== 'legacy') {
      try {
        const got = await byApi(pathOf(of, inside));
        this.#kind = 'api';
        return got;
      } catch (error) {
        if (!(error instanceof MesosHttpError) || !withoutApi.has(error.status)) throw error;
        // No such file, or no such API?
        if (await this.#hasApi(options)) {
          if (error.status === 404) return undefined;
          throw error;
        }
      }
    }
    return this.#byLegacy(of, inside, byLegacy, options);
  }

  async #hasApi(options: CallOptions): Promise<boolean> {
    if (this.#kind !== 'unknown') return this.#kind === 'api';
    try {
      await this.#api.getHealth(options);
      this.#kind = 'api';
    } catch (error) {
      if (!(error instanceof MesosHttpError) || !withoutApi.has(error.status)) throw error;
      this.#kind = 'legacy';
    }
    return this.#kind === 'api';
  }

  async #byLegacy<T>(
    of: SandboxOf,
    inside: string,
    ask: (path: string) => Promise<T>,
    options: CallOptions,
  ): Promise<T | undefined> {
    const key = `${of.frameworkId}/${of.executorId}`;
    const known = this.#directories.get(key);
    const first = await orMissing(ask(known === undefined ? pathOf(of, inside) : joined(known, inside)));
    if (first !== undefined || known !== undefined) return first;
    // Old agents know no short path; others have just no such file, and do not know the long one better.
    const directory = await this.#legacy.directory(of.frameworkId, of.executorId, options);
    if (directory === undefined) return undefined;
    this.#directories.set(key, directory);
    return orMissing(ask(joined(directory, inside)));
  }
}

async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof MesosHttpError && error.status === 404) return undefined;
    throw error;
  }
}

function pathOf({ frameworkId, executorId }: SandboxOf, inside: string): string {
  return sandboxPath({ value: frameworkId }, { value: executorId }, inside);
}

function joined(directory: string, inside: string): string {
  return inside === '' ? directory : `${directory}/${inside}`;
}
