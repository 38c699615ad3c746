import { Encoder } from '../../../src/journal/encoder.ts';
import type { Json } from '../../../src/journal/delta.ts';

/** What a test wants to have happened: at a time, a key gets another value, or (undefined) goes. */
export interface Change {
  readonly at: number;
  readonly key: string;
  readonly value: Json | undefined;
}

/** A recording of these changes, as text; all that is known is said again after each `chapter` of them. */
export function written(changes: readonly Change[], { chapter = 50 }: { chapter?: number } = {}): string {
  const encoder = new Encoder();
  const known = new Map<string, Json>();
  const [first] = changes;
  const last = changes.at(-1);
  const [from, to] = [first?.at ?? 0, last?.at ?? 0];
  let text = encoder.header({ program: '0.1.0', cluster: 'test', at: to, from, to });
  changes.forEach(({ at, key, value }, index) => {
    if (value === undefined) known.delete(key);
    else known.set(key, value);
    if (index % chapter === 0) text += encoder.all(at, known);
    else text += value === undefined ? encoder.drop(at, key) : encoder.set(at, key, value);
  });
  return text + encoder.end(to);
}

export async function* inPieces(
  text: string | Uint8Array,
  size = 1000,
): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}
