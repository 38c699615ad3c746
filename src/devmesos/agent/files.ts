import path from 'node:path';
import { codeOf } from '../../host/errors.ts';
import type { Answer, Reply } from '../http/reply.ts';
import { badRequest, json, noSuchFile } from '../http/reply.ts';
import { contentDisposition, contentTypeOf } from '../http/downloads.ts';
import type { HttpRequest } from '../http/server.ts';
import { bytesAsJsonString } from '../jsonBytes.ts';
import type { Accounts } from './accounts.ts';
import { openFile, readPart, type Opened } from './fileContent.ts';
import { browseEntry, fileInfo, listFolder, type ListedFile } from './fileInfo.ts';
import { resolvePath } from './virtualPaths.ts';

/** Sandbox files: LIST_FILES and READ_FILE of the operator API, and GET /files/*. */
export class Files {
  readonly #workDir: string;
  readonly #agentId: () => string;
  readonly #accounts: Accounts;

  constructor(workDir: string, agentId: () => string, accounts: Accounts) {
    this.#workDir = workDir;
    this.#agentId = agentId;
    this.#accounts = accounts;
  }

  async listFiles(asked: string): Promise<Reply> {
    const listed = await this.#list(asked);
    if (!Array.isArray(listed)) return listed;
    const infos = listed.map((file) => fileInfo(file, this.#accounts));
    return json({ type: 'LIST_FILES', list_files: infos.length > 0 ? { file_infos: infos } : {} });
  }

  async readFile(asked: string, offset: number, length: number | undefined): Promise<Reply> {
    return this.#withFile(asked, async ({ handle, size }) => {
      const part = await readPart(handle, size, offset, length);
      return json({ type: 'READ_FILE', read_file: { size, data: part.data.toString('base64') } });
    });
  }

  /** GET /files/browse. */
  async browse({ query }: HttpRequest): Promise<Reply> {
    const asked = query.get('path');
    if (asked === null || asked === '') return badRequest("Expecting 'path=value' in query.\n");
    const listed = await this.#list(asked);
    if (!Array.isArray(listed)) return listed;
    return json(
      listed.map((file) => browseEntry(file, this.#accounts)),
      query.get('jsonp'),
    );
  }

  /** GET /files/read. */
  async read({ query }: HttpRequest): Promise<Reply> {
    const asked = query.get('path');
    if (asked === null || asked === '') return badRequest("Expecting 'path=value' in query.\n");
    const offset = numberIn(query, 'offset');
    if (typeof offset === 'object') return offset;
    const length = numberIn(query, 'length');
    if (typeof length === 'object') return length;
    if (offset !== undefined && offset < -1) return badRequest(`Negative offset provided: ${offset}.\n`);
    if (length !== undefined && length < -1) return badRequest(`Negative length provided: ${length}.\n`);
    return this.#withFile(asked, async ({ handle, size }) => {
      // No offset: just how long it is.
      const from = offset === undefined || offset === -1 ? size : offset;
      const part = await readPart(handle, size, from, length === -1 ? undefined : length);
      const shown = offset === undefined || offset === -1 ? size : offset;
      return rawJson(part.data, shown, query.get('jsonp'));
    });
  }

  /** GET /files/download. */
  async download({ query }: HttpRequest): Promise<Reply> {
    const asked = query.get('path');
    if (asked === null || asked === '') return badRequest("Expecting 'path=value' in query.\n");
    return this.#withFile(
      asked,
      ({ handle, size }) => ({
        status: 200,
        headers: {
          'Content-Disposition': contentDisposition(path.basename(asked)),
          'Content-Type': contentTypeOf(asked),
        },
        file: { handle, size },
      }),
      'Cannot download a directory.\n',
    );
  }

  async #list(asked: string): Promise<ListedFile[] | Answer> {
    const found = await resolvePath(this.#workDir, this.#agentId(), asked);
    if (found.kind === 'missing') return noSuchFile();
    if (found.kind === 'inaccessible') return badRequest(`'${asked}' is inaccessible.\n`);
    return listFolder(found.real, asked);
  }

  async #withFile(
    asked: string,
    use: (file: Opened & { kind: 'file' }) => Reply | Promise<Reply>,
    folderText = 'Cannot read a directory.\n',
  ): Promise<Reply> {
    const found = await resolvePath(this.#workDir, this.#agentId(), asked);
    if (found.kind === 'missing') return noSuchFile();
    if (found.kind === 'inaccessible') return badRequest(`'${asked}' is inaccessible.\n`);
    let opened: Opened;
    try {
      opened = await openFile(found.real);
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ELOOP') return noSuchFile();
      if (codeOf(error) === 'EACCES' || codeOf(error) === 'ENXIO')
        return badRequest(`Failed to open file at '${asked}'\n`);
      throw error;
    }
    if (opened.kind === 'folder') return badRequest(folderText);
    if (opened.kind === 'other') return badRequest(`Failed to open file at '${asked}': not a regular file\n`);
    let reply: Reply | undefined;
    try {
      reply = await use(opened);
      return reply;
    } finally {
      if (!reply || !('file' in reply)) await opened.handle.close();
    }
  }
}

/** A number of the query, absent, or the answer that says that it is none. */
function numberIn(query: URLSearchParams, name: string): number | undefined | Answer {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (/^-?\d+$/.test(text)) return Number(text);
  return badRequest(`Failed to parse ${name}: Failed to convert '${text}' to number.\n`);
}

/** The file's bytes go into the JSON as they are: clients count the offset of their next read in bytes. */
function rawJson(data: Buffer, offset: number, callback: string | null): Answer {
  const body = Buffer.concat([
    Buffer.from('{"data":'),
    bytesAsJsonString(data),
    Buffer.from(`,"offset":${offset}}`),
  ]);
  if (!callback) return { status: 200, headers: { 'Content-Type': 'application/json' }, body };
  const wrapped = Buffer.concat([Buffer.from(`${callback}(`), body, Buffer.from(')')]);
  return { status: 200, headers: { 'Content-Type': 'text/javascript' }, body: wrapped };
}
