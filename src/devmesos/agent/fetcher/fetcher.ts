import fs from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { CommandUri } from '../../../mesos/types.ts';
import { messageOf } from '../../../host/errors.ts';
import { ownUserName } from '../accounts.ts';
import { openOutputs } from '../outputs.ts';
import { defaultPath } from '../taskEnvironment.ts';
import type { TaskUser } from '../userSwitch.ts';
import { contentLength } from './download.ts';
import { FetchCache } from './fetchCache.ts';
import { FetchLog } from './fetchLog.ts';
import { fileNameOf, isNetUri, localPathOf, urisError } from './uri.ts';
import { UriFetch, type FetchItem } from './uriFetch.ts';
import type { Worker } from './workAs.ts';

export interface FetcherOptions {
  readonly cacheFolder: string;
  /** Bytes. */
  readonly cacheSize: number;
  /** Milliseconds without a byte after which a download is given up. */
  readonly stallTimeout: number;
  readonly now: () => number;
}

export interface Fetch {
  readonly containerId: string;
  readonly uris: readonly CommandUri[];
  readonly sandbox: string;
  /** Whom the sandbox is given to; undefined: the agent's own user. */
  readonly user: TaskUser | undefined;
  readonly signal: AbortSignal;
}

/** Brings what a command names as its URIs into its sandbox, before it starts. */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #cache: FetchCache;

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#cache = new FetchCache(options.cacheFolder, options.cacheSize);
  }

  /** Forgets what an earlier agent process fetched. */
  async recover(): Promise<void> {
    await this.#cache.clear();
  }

  /**
   * Fetches all, or rejects, in Mesos' words, at the first that can't be; with whatever where `signal` was aborted. What it
   * does is logged in the sandbox's `stderr`. What was fetched stays there, also where it failed.
   */
  async fetch(fetch: Fetch): Promise<void> {
    const { uris, sandbox, user, signal, containerId } = fetch;
    if (uris.length === 0) return;
    const { stdout, stderr } = openOutputs(sandbox, user);
    try {
      const error = urisError(uris);
      if (error !== undefined) throw new Error(`Could not fetch: ${error}`);
      const log = new FetchLog(stderr, this.#options.now);
      try {
        await this.#fetchAll(fetch, log);
      } catch (problem) {
        signal.throwIfAborted();
        log.raw("Failed to synchronize with agent (it's probably exited)");
        throw new Error(`Failed to fetch all URIs for container '${containerId}': exited with status 1`, {
          cause: problem,
        });
      }
    } finally {
      fs.closeSync(stdout);
      fs.closeSync(stderr);
    }
  }

  async #fetchAll(fetch: Fetch, log: FetchLog): Promise<void> {
    const items: FetchItem[] = [];
    try {
      for (const uri of fetch.uris) items.push(await this.#plan(fetch, uri, items));
      log.add('info', `Fetcher Info: ${this.#info(fetch, items)}`);
      if (items.some(({ claim }) => claim)) await this.#makeCacheFolder(fetch.user);
      const one = new UriFetch({
        sandbox: fetch.sandbox,
        worker: workerOf(fetch),
        stallTimeout: this.#options.stallTimeout,
        log,
      });
      // What others wait for comes first: so no two fetches wait for each other.
      const isWaiting = ({ claim }: FetchItem): boolean => claim?.isFirst === false;
      for (const item of [...items].sort((a, b) => Number(isWaiting(a)) - Number(isWaiting(b)))) {
        const { value } = item.uri;
        try {
          log.add('fetched', `Fetched '${value}' to '${await one.fetch(item)}'`);
        } catch (error) {
          fetch.signal.throwIfAborted();
          log.add('failed', `EXIT with status 1: Failed to fetch '${value}': ${messageOf(error)}`);
          throw error;
        }
      }
      log.add('done', `Successfully fetched all URIs into '${fetch.sandbox}'`);
    } finally {
      for (const { claim } of items) {
        // What was not got to is not there.
        if (claim?.isFirst && !claim.isSettled) await claim.settle(false);
        claim?.release();
      }
    }
  }

  async #plan(fetch: Fetch, uri: CommandUri, before: readonly FetchItem[]): Promise<FetchItem> {
    if (!uri.cache) return { uri, claim: undefined };
    const twin = before.find((item) => item.claim && item.uri.value === uri.value);
    if (twin) return { uri, claim: twin.claim };
    const sizeOf = (): Promise<number> => this.#sizeOf(uri.value, fetch.signal);
    const claim = await this.#cache.claim(nameOf(fetch.user), uri.value, fileNameOf(uri.value), sizeOf);
    return { uri, claim };
  }

  async #sizeOf(uri: string, signal: AbortSignal): Promise<number> {
    const { stallTimeout } = this.#options;
    if (isNetUri(uri)) return contentLength(uri, { signal, stallTimeout });
    const local = localPathOf(uri);
    if (!local || 'error' in local) throw new Error('its size is not known');
    return (await fs.promises.stat(local.path)).size;
  }

  /** As Mesos prints it: a message of its own, with the names of its fields in their order. */
  #info({ sandbox, user }: Fetch, items: readonly FetchItem[]): string {
    return JSON.stringify({
      cache_directory: this.#cache.folderOf(nameOf(user)),
      items: items.map(({ uri, claim }) => ({
        action: !claim ? 'BYPASS_CACHE' : claim.isFirst ? 'DOWNLOAD_AND_CACHE' : 'RETRIEVE_FROM_CACHE',
        ...(claim ? { cache_filename: path.basename(claim.file) } : {}),
        uri: uriInfo(uri),
      })),
      sandbox_directory: sandbox,
      stall_timeout: { nanoseconds: this.#options.stallTimeout * 1e6 },
      user: nameOf(user),
    });
  }

  /** A user's files are theirs alone: they may come from where others may not read. */
  async #makeCacheFolder(user: TaskUser | undefined): Promise<void> {
    const folder = this.#cache.folderOf(nameOf(user));
    await mkdir(path.dirname(folder), { recursive: true, mode: 0o711 });
    try {
      await mkdir(folder, { mode: 0o700 });
      if (user) await chown(folder, user.uid, user.gid);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function nameOf(user: TaskUser | undefined): string {
  return user?.name ?? ownUserName();
}

function workerOf({ sandbox, user, signal }: Fetch): Worker {
  const env = { MESOS_DIRECTORY: sandbox, PATH: process.env.PATH ?? defaultPath, LC_ALL: 'C' };
  return { user, env, cwd: sandbox, signal };
}

function uriInfo({ cache, executable, extract = true, output_file, value }: CommandUri): CommandUri {
  return {
    ...(cache === undefined ? {} : { cache }),
    ...(executable === undefined ? {} : { executable }),
    extract,
    ...(output_file === undefined ? {} : { output_file }),
    value,
  };
}
