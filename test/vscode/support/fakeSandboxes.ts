import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SandboxEntry } from '../../../src/api/logs.ts';

/** Sandboxes that a test writes, as a service answers of them. */
export class FakeSandboxes {
  /** By the task's id on Mesos: the contents of its files by their paths. */
  readonly #files = new Map<string, Map<string, Buffer>>();
  /** What is said of all of them, in place of an answer. */
  trouble:
    | { readonly status: number; readonly error: string; readonly why?: string; readonly next?: string }
    | undefined;
  /** How often something was asked for, by path. */
  readonly asked: string[] = [];
  #modified = 1_795_000_000_000;

  write(task: string, path: string, content: string | Buffer): void {
    const files = this.#files.get(task) ?? new Map<string, Buffer>();
    this.#files.set(task, files.set(path, Buffer.from(content)));
    this.#modified += 1;
  }

  remove(task: string): void {
    this.#files.delete(task);
  }

  /** Answers `tasks/{task}/sandbox…`; false where it is none of that. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, task = '', more] = /^\/v1\/tasks\/([^/]+)\/sandbox(\/file)?$/.exec(url.pathname) ?? [];
    if (task === '') return false;
    const path = url.searchParams.get('path') ?? '';
    this.asked.push(`${more === undefined ? 'list' : 'read'} ${path}`);
    const files = this.#files.get(decodeURIComponent(task));
    const trouble = this.trouble ?? (files ? undefined : { status: 404, error: 'There is no sandbox' });
    if (trouble) {
      const { status, ...problem } = trouble;
      json(response, status, problem);
    } else if (files && more === undefined) json(response, 200, this.#entries(files, path));
    else this.#file(files?.get(path), Number(url.searchParams.get('offset') ?? 0), response);
    return true;
  }

  #entries(files: ReadonlyMap<string, Buffer>, folder: string): SandboxEntry[] {
    const prefix = folder === '' ? '' : `${folder}/`;
    const found = new Map<string, SandboxEntry>();
    for (const [path, content] of files) {
      if (!path.startsWith(prefix)) continue;
      const [name = '', ...rest] = path.slice(prefix.length).split('/');
      const kind = rest.length > 0 ? 'folder' : 'file';
      const size = kind === 'file' ? content.length : 4096;
      found.set(name, { path: prefix + name, kind, size, modified: this.#modified, mode: 0o644 });
    }
    return [...found.values()];
  }

  #file(content: Buffer | undefined, offset: number, response: ServerResponse): void {
    if (!content) {
      json(response, 404, { error: 'There is no such file' });
      return;
    }
    response.writeHead(200, { 'X-File-Size': content.length, 'X-File-Offset': offset });
    response.end(content.subarray(offset, offset + 1024 * 1024));
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}
