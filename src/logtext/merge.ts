import type { LogRow } from './row.ts';

/** A row and the log that it is from. */
export interface MergedRow {
  readonly source: string;
  readonly row: LogRow;
}

interface Source {
  readonly rows: LogRow[];
  /** Of `rows`, so many were given out. */
  taken: number;
  /** The time of the entry that its last row belongs to: one that says none stays behind it. */
  time: number;
  /** Nothing is to be waited for: it has ended, or all that was written was read. */
  quiet: boolean;
}

/**
 * Merges the entries of several logs by time, as they come. An entry is given out once no log that is still being read can
 * bring an earlier one; one that comes later nevertheless (a clock that goes wrong, a line written late) is given out
 * then, because what was shown stays. Entries stay whole and in the order of their log.
 */
export class Merge {
  readonly #sources = new Map<string, Source>();

  add(source: string): void {
    if (!this.#sources.has(source)) {
      this.#sources.set(source, { rows: [], taken: 0, time: -Infinity, quiet: false });
    }
  }

  push(source: string, rows: readonly LogRow[]): void {
    this.add(source);
    for (const row of rows) this.#sources.get(source)?.rows.push(row);
  }

  /** Whether a log has been read as far as it goes at the moment; one that has ended is quiet for good. */
  setQuiet(source: string, quiet: boolean): void {
    this.add(source);
    const found = this.#sources.get(source);
    if (found) found.quiet = quiet;
  }

  /** The rows that can be given out now, in order. */
  take(): MergedRow[] {
    const out: MergedRow[] = [];
    for (;;) {
      let first: { name: string; source: Source; time: number } | undefined;
      for (const [name, source] of this.#sources) {
        const row = source.rows[source.taken];
        if (!row) {
          if (!source.quiet) return out;
          continue;
        }
        const time = row.time ?? source.time;
        if (!first || time < first.time) first = { name, source, time };
      }
      if (!first) return out;
      takeEntry(first.name, first.source, first.time, out);
    }
  }
}

function takeEntry(name: string, source: Source, time: number, out: MergedRow[]): void {
  source.time = time;
  do {
    const row = source.rows[source.taken];
    if (row) out.push({ source: name, row });
    source.taken += 1;
  } while (source.taken < source.rows.length && !source.rows[source.taken]?.head);
  // Seldom enough that each row is moved but a few times.
  if (source.taken * 2 < source.rows.length) return;
  source.rows.splice(0, source.taken);
  source.taken = 0;
}
