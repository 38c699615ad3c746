import fs from 'node:fs/promises';
import { makePrivateFolder } from '../host/files.ts';
import { outgrown, pack, segmentFile, segmentsIn } from './segments.ts';

export interface Bounds {
  /** Of all segments on the disk. */
  readonly bytes: number;
  /** Older segments go. Milliseconds. */
  readonly ageMs: number;
  /** A segment is closed that has so many bytes of text. */
  readonly segmentBytes: number;
  /** Or that is so old. Milliseconds. */
  readonly segmentMs: number;
}

export const usualBounds: Bounds = {
  bytes: 64 * 2 ** 20,
  ageMs: 7 * 24 * 3600_000,
  segmentBytes: 4 * 2 ** 20,
  segmentMs: 3600_000,
};

/** Writes texts into a journal's segments, one after another, and keeps them within bounds. */
export class SegmentWriter {
  readonly #folder: string;
  readonly #bounds: Bounds;
  readonly #onFailure: (error: unknown) => void;
  #handle: fs.FileHandle | undefined;
  #number = 0;
  #size = 0;
  #begun = 0;
  #tail: Promise<void> = Promise.resolve();
  #failed = false;

  /** `onFailure` is told once: from then on nothing is written. */
  constructor(folder: string, bounds: Bounds, onFailure: (error: unknown) => void) {
    this.#folder = folder;
    this.#bounds = bounds;
    this.#onFailure = onFailure;
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** Whether the next text should begin a segment. */
  isFull(now: number): boolean {
    const { segmentBytes, segmentMs } = this.#bounds;
    return this.#begun === 0 || this.#size >= segmentBytes || now - this.#begun >= segmentMs;
  }

  /** Closes the segment and begins another with this text. What is left of earlier services is packed. */
  begin(text: string, now: number): void {
    this.#begun = now;
    this.#size = Buffer.byteLength(text);
    this.#then(async () => {
      await this.#closeFile();
      await makePrivateFolder(this.#folder);
      const before = await segmentsIn(this.#folder);
      this.#number = (before.at(-1)?.number ?? 0) + 1;
      this.#handle = await fs.open(segmentFile(this.#folder, this.#number), 'ax', 0o600);
      await this.#handle.appendFile(text);
      for (const segment of before) await pack(segment);
      const { bytes, ageMs } = this.#bounds;
      for (const { file } of outgrown(await segmentsIn(this.#folder), { bytes, ageMs, now })) {
        await fs.rm(file, { force: true });
      }
    });
  }

  append(text: string): void {
    if (text === '') return;
    this.#size += Buffer.byteLength(text);
    this.#then(async () => this.#handle?.appendFile(text));
  }

  /** Resolves when all is written that was given so far. */
  async written(): Promise<void> {
    await this.#tail;
  }

  async close(): Promise<void> {
    this.#then(() => this.#closeFile());
    await this.#tail;
  }

  async #closeFile(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  #then(work: () => Promise<void>): void {
    this.#tail = this.#tail.then(async () => {
      if (this.#failed) return;
      try {
        await work();
      } catch (error) {
        this.#failed = true;
        this.#onFailure(error);
        await this.#closeFile().catch(() => undefined);
      }
    });
  }
}
