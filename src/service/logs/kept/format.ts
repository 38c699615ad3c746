import { promisify } from 'node:util';
import zlib from 'node:zlib';
import * as z from 'zod/mini';

/** The last part of a file as it was when its task ended. */
export interface KeptFile {
  readonly data: Buffer;
  /** Where in the file it begins, in bytes. */
  readonly from: number;
  /** Of the whole file. */
  readonly size: number;
}

const header = z.object({
  format: z.literal(1),
  files: z.array(z.object({ path: z.string(), from: z.int(), size: z.int(), length: z.int() })),
});

const gzip = promisify(zlib.gzip);
const gunzip = promisify(zlib.gunzip);
/** More than what is kept of an attempt: no file of ours is larger. */
const longest = 16 * 1024 * 1024;

/** Files of one attempt by their path in its sandbox, in one piece: a line that says what there is, then the bytes. */
export async function packed(files: ReadonlyMap<string, KeptFile>): Promise<Buffer> {
  const listed = [...files].map(([path, { from, size, data }]) => ({
    path,
    from,
    size,
    length: data.length,
  }));
  const head = Buffer.from(`${JSON.stringify({ format: 1, files: listed })}\n`);
  const content = Buffer.concat([head, ...[...files.values()].map(({ data }) => data)]);
  return gzip(content, { level: 4 });
}

/** What `packed` made. Throws where it is damaged. */
export async function unpacked(bytes: Buffer): Promise<Map<string, KeptFile>> {
  const content = await gunzip(bytes, { maxOutputLength: longest });
  const end = content.indexOf(0x0a);
  const { files } = header.parse(JSON.parse(content.toString('utf8', 0, end)));
  const found = new Map<string, KeptFile>();
  let at = end + 1;
  for (const { path, from, size, length } of files) {
    const data = content.subarray(at, at + length);
    if (data.length < length) throw new Error(`${path} is cut`);
    found.set(path, { data, from, size });
    at += length;
  }
  return found;
}
