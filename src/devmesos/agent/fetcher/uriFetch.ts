import path from 'node:path';
import type { CommandUri } from '../../../mesos/types.ts';
import { messageOf } from '../../../host/errors.ts';
import { download } from './download.ts';
import { extract } from './extract.ts';
import type { Claim } from './fetchCache.ts';
import { FetchError } from './fetchError.ts';
import type { FetchLog } from './fetchLog.ts';
import { fileNameOf, isNetUri, localPathOf } from './uri.ts';
import { workAs, type Worker } from './workAs.ts';

export interface FetchItem {
  readonly uri: CommandUri;
  /** Undefined: it goes past the cache. */
  readonly claim: Claim | undefined;
}

export interface UriFetchOptions {
  readonly sandbox: string;
  readonly worker: Worker;
  /** Milliseconds. */
  readonly stallTimeout: number;
  readonly log: FetchLog;
}

/** Constant, with the file as its parameter. */
const write = 'exec cat >"$1"';

/** Fetches the URIs of one command, one after the other. */
export class UriFetch {
  readonly #options: UriFetchOptions;

  constructor(options: UriFetchOptions) {
    this.#options = options;
  }

  /** Returns where it is: the file, or the folder that it was extracted to out of the cache. Rejects with why it isn't. */
  async fetch({ uri, claim }: FetchItem): Promise<string> {
    const { log } = this.#options;
    log.add('uri', `Fetching URI '${uri.value}'`);
    if (!claim) return this.#fetchDirectly(uri);
    if (claim.isFirst && !claim.isSettled) {
      await this.#download(uri.value, claim.file);
      await claim.settle(true);
    }
    if (!(await claim.ready)) return this.#fetchDirectly(uri);
    log.add('cached', `Fetching URI '${uri.value}' from cache`);
    return this.#place(uri, claim.file);
  }

  async #fetchDirectly(uri: CommandUri): Promise<string> {
    const { log, sandbox, worker } = this.#options;
    log.add('direct', `Fetching '${uri.value}' directly into the sandbox directory`);
    const file = await this.#target(uri);
    await this.#download(uri.value, file);
    if (uri.executable) await workAs(worker, 'chmod', ['755', file]);
    else if ((uri.extract ?? true) && !(await this.#extract(file, sandbox)))
      log.add('notExtracted', notExtracted(uri));
    return file;
  }

  /** Brings a file of the cache into the sandbox. */
  async #place(uri: CommandUri, cached: string): Promise<string> {
    const { log, sandbox, worker } = this.#options;
    const file = await this.#target(uri);
    if (!uri.executable && (uri.extract ?? true)) {
      if (await this.#extract(cached, sandbox)) return sandbox;
      log.add('notExtractedFromCache', notExtracted(uri));
    }
    await this.#copy(cached, file);
    if (uri.executable) await workAs(worker, 'chmod', ['755', file]);
    return file;
  }

  #extract(archive: string, folder: string): Promise<boolean> {
    const { worker, log } = this.#options;
    return extract(archive, folder, worker, (text) => log.add('extracted', text));
  }

  /** Where a URI's file is to be. */
  async #target({ value, output_file }: CommandUri): Promise<string> {
    const { sandbox, worker } = this.#options;
    const name = output_file ?? fileNameOf(value);
    const folder = path.dirname(name);
    if (folder !== '.') {
      try {
        await workAs(worker, 'mkdir', ['-p', path.join(sandbox, folder)]);
      } catch (error) {
        worker.signal.throwIfAborted();
        throw new FetchError(`Unable to create subdirectory ${folder} in sandbox: ${messageOf(error)}`);
      }
    }
    return path.join(sandbox, name);
  }

  async #download(value: string, file: string): Promise<void> {
    const { worker, stallTimeout, log } = this.#options;
    const uri = value.trimStart();
    const local = localPathOf(uri);
    if (local) {
      if ('error' in local) throw new FetchError(local.error);
      return this.#copy(local.path, file);
    }
    if (!isNetUri(uri)) {
      throw new FetchError(
        'Failed to create HDFS client: Hadoop client is not available, exit status: 32512',
      );
    }
    log.add('download', `Downloading resource from '${uri}' to '${file}'`);
    if (uri.startsWith('ftp')) {
      throw new FetchError('Error downloading resource: this development agent does not speak FTP');
    }
    await workAs(worker, 'sh', ['-c', write, 'cat', file], (input) =>
      download(uri, input, { signal: worker.signal, stallTimeout }),
    );
  }

  async #copy(source: string, file: string): Promise<void> {
    const { worker } = this.#options;
    await workAs(worker, 'test', ['!', '-d', source]).catch((error: unknown) => {
      worker.signal.throwIfAborted();
      throw error instanceof FetchError ? new FetchError('`source` was a directory') : error;
    });
    // Not its modes: a copy is a new file.
    await workAs(worker, 'sh', ['-c', 'exec cat <"$1" >"$2"', 'cat', source, file]);
  }
}

function notExtracted({ value }: CommandUri): string {
  return `Copying instead of extracting resource from URI with 'extract' flag, because it does not seem to be an archive: ${value}`;
}
