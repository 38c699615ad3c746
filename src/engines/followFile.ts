import fs from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as delay } from 'node:timers/promises';
import { lastLines, sizeOf } from '../host/logFiles.ts';

/** How often a followed file is looked at (milliseconds). */
const lookMs = 300;

/** The last lines of a file, then, with `follow`, each new one until the signal is aborted. A file cut short is read anew. */
export async function* followFile(
  file: string,
  options: { readonly lines: number; readonly follow: boolean; readonly signal: AbortSignal },
): AsyncGenerator<string, void, undefined> {
  const { follow, lines, signal } = options;
  let offset = await sizeOf(file);
  yield* await lastLines(file, lines);
  let decoder = new StringDecoder('utf8');
  let begun = '';
  while (follow && !signal.aborted) {
    await delay(lookMs, undefined, { signal }).catch(() => undefined);
    const size = await sizeOf(file);
    if (size < offset) {
      offset = 0;
      begun = '';
      decoder = new StringDecoder('utf8');
    }
    if (size <= offset) continue;
    const bytes = await readFrom(file, offset, size - offset);
    offset += bytes.length;
    const [first = '', ...rest] = decoder.write(bytes).split('\n');
    const whole = [begun + first, ...rest];
    begun = whole.pop() ?? '';
    yield* whole;
  }
}

async function readFrom(file: string, offset: number, length: number): Promise<Buffer> {
  const handle = await fs.open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
