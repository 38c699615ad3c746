import { systemClock } from './clock.ts';
import { within } from './deadline.ts';
import { NoAnswerError, UnexpectedAnswerError } from './errors.ts';
import { isObject } from './eventParsing.ts';
import type { FilePart } from './files.ts';
import { Connections, get, httpError, parseAddress, readBody } from './http.ts';
import { bytesOfJsonString } from './jsonBytes.ts';
import type { FileInfo } from './types.ts';
import type { CallOptions, V1ApiOptions } from './v1Api.ts';

const longestAnswer = 64 * 1024 * 1024;

/** An agent's GET /files/read and /files/browse, which are older than its operator API. */
export class LegacyFiles {
  readonly #options: V1ApiOptions;
  readonly #root: URL;
  readonly #connections: Connections;

  constructor(options: V1ApiOptions) {
    this.#options = options;
    this.#root = parseAddress(options.address);
    this.#connections = new Connections(options.connections);
  }

  /** @see AgentClient.readFile */
  async read(path: string, offset: number, length: number, options: CallOptions): Promise<FilePart> {
    // Alone it tells the size; with an offset it tells where it read.
    const { offset: size } = await this.#read({ path, offset: '-1' }, options);
    if (length === 0 || offset >= size) return { data: Buffer.alloc(0), size };
    const asked = { path, offset: String(offset), length: String(length) };
    const { data } = await this.#read(asked, options);
    return { data, size: Math.max(size, offset + data.length) };
  }

  /** @see AgentClient.listFiles */
  async list(path: string, options: CallOptions): Promise<FileInfo[]> {
    const listed: unknown = JSON.parse((await this.#get('files/browse', { path }, options)).toString());
    if (!Array.isArray(listed)) throw this.#unexpected('files/browse', 'no list');
    return listed.filter(isObject).map((entry) => fileInfoOf(entry));
  }

  /**
   * The folder of an executor's newest sandbox, by the agent's state; undefined where it has none. Agents that know
   * no short path serve it under this one.
   */
  async directory(
    frameworkId: string,
    executorId: string,
    options: CallOptions,
  ): Promise<string | undefined> {
    const state: unknown = JSON.parse((await this.#get('state', {}, options)).toString());
    for (const framework of membersOf(state, 'frameworks', 'completed_frameworks')) {
      if (framework.id !== frameworkId) continue;
      for (const executor of membersOf(framework, 'executors', 'completed_executors')) {
        if (executor.id === executorId && typeof executor.directory === 'string') return executor.directory;
      }
    }
    return undefined;
  }

  close(): void {
    this.#connections.close();
  }

  async #read(
    query: Record<string, string>,
    options: CallOptions,
  ): Promise<{ data: Buffer; offset: number }> {
    const body = await this.#get('files/read', query, options);
    const read = bytesOfJsonString(body, 'data');
    const offset = /"offset"\s*:\s*(\d+)/.exec(read?.rest ?? '')?.[1];
    if (!read || offset === undefined) throw this.#unexpected('files/read', 'neither data nor an offset');
    return { data: read.bytes, offset: Number(offset) };
  }

  #get(path: string, query: Record<string, string>, { signal }: CallOptions): Promise<Buffer> {
    const url = new URL(`${path}?${new URLSearchParams(query).toString()}`, this.#root);
    const { clock = systemClock, answerMs: ms = 30_000, authorization } = this.#options;
    const late = () => new NoAnswerError(url, ms);
    return within({ clock, ms, late, signal }, async (either) => {
      const answer = await get(url, { connections: this.#connections, authorization, signal: either });
      if (answer.response.statusCode !== 200) throw await httpError(answer, either);
      return readBody(answer, longestAnswer, either);
    });
  }

  #unexpected(path: string, what: string): UnexpectedAnswerError {
    return new UnexpectedAnswerError(new URL(path, this.#root), `it gives ${what}`);
  }
}

function fileInfoOf(entry: Record<string, unknown>): FileInfo {
  return {
    path: textOf(entry.path),
    size: Number(entry.size ?? 0),
    mtime: { nanoseconds: Number(entry.mtime ?? 0) * 1e9 },
    mode: modeOf(textOf(entry.mode)),
  };
}

const kinds: Readonly<Record<string, number>> = {
  '-': 0o100000,
  d: 0o040000,
  l: 0o120000,
  p: 0o010000,
  s: 0o140000,
  c: 0o020000,
  b: 0o060000,
};

/** `drwxr-xr-x` as a number. */
function modeOf(text: string): number {
  let bits = 0;
  for (let place = 1; place < 10; place += 1) bits = bits * 2 + (/[rwxst]/.test(text.charAt(place)) ? 1 : 0);
  return (kinds[text.charAt(0)] ?? 0) | bits;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function membersOf(value: unknown, ...names: string[]): Record<string, unknown>[] {
  if (!isObject(value)) return [];
  const record: Record<string, unknown> = value;
  return names.flatMap((name) => {
    const list = record[name];
    return Array.isArray(list) ? list.filter(isObject) : [];
  });
}
