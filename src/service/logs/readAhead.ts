import { maxReadLength, type FilePart } from '../../mesos/files.ts';

/** Reads a file; undefined where there is none. */
export type ReadPart = (offset: number, length: number, signal: AbortSignal) => Promise<FilePart | undefined>;

export interface ReadAheadOptions {
  /** In bytes: from here, to there at most. */
  readonly from: number;
  readonly to: number;
  /** So many bytes of each read have been read before: whoever compares them sees that it is the same file still. */
  readonly overlap?: number;
  /** Goes on behind `to` while the file grows faster than it is read. */
  readonly grows?: boolean;
  /** Reads under way at a time, default 8: Mesos gives 64 KiB for each. */
  readonly lanes?: number;
  readonly signal: AbortSignal;
}

export interface Read {
  readonly offset: number;
  readonly part: FilePart;
}

/**
 * Reads a piece of a file, several reads at a time and in order. Ends early where there is no file any more, or less in it
 * than there was.
 */
export async function* readAhead(
  read: ReadPart,
  options: ReadAheadOptions,
): AsyncGenerator<Read, void, undefined> {
  const { signal, overlap = 0, grows = false, lanes = 8 } = options;
  const left = new AbortController();
  const abort = (): void => left.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const flying: { offset: number; length: number; part: Promise<FilePart | undefined> }[] = [];
  let [next, end] = [options.from, options.to];
  try {
    signal.throwIfAborted();
    for (;;) {
      while (flying.length < lanes && next < end) {
        const offset = Math.max(0, next - overlap);
        const length = Math.min(maxReadLength, end - offset);
        const part = read(offset, length, left.signal);
        // Of those that nobody waits for any more, once one before them failed.
        part.catch(() => undefined);
        flying.push({ offset, length, part });
        next = offset + length;
      }
      const first = flying.shift();
      if (!first) return;
      const part = await first.part;
      if (!part) return;
      yield { offset: first.offset, part };
      if (part.data.length < first.length) return;
      // At the end of a file that is written to, small reads are not worth being made at once.
      if (grows && part.size - end > lanes * maxReadLength) end = part.size;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    left.abort();
  }
}
