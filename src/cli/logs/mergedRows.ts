import type { LogEvent } from '../../api/logs.ts';
import { Merge, type MergedRow } from '../../logtext/merge.ts';
import { LastRows } from './lastRows.ts';
import type { LogSelection } from './request.ts';
import { SelectedRows } from './selectedRows.ts';

/** Of one log, or of several by time, the rows that are asked for, as they come. */
export class MergedRows {
  readonly #logs: ReadonlyMap<string, SelectedRows>;
  readonly #merge = new Merge();
  readonly #behind: Set<string>;
  readonly #last: LastRows<MergedRow>;

  /** `lines`: of what was written before it began, the last so many alone. */
  constructor(files: readonly string[], selection: LogSelection, lines: number | undefined) {
    this.#logs = new Map(files.map((file) => [file, new SelectedRows(file, selection)]));
    this.#behind = new Set(files);
    this.#last = new LastRows(lines);
    for (const file of files) this.#merge.add(file);
  }

  /** What is to be said at the end. */
  get remarks(): string[] {
    return [...this.#logs.values()].flatMap(({ remark }) => remark ?? []);
  }

  /** The rows that an event of a log brings. */
  take(file: string, event: LogEvent): readonly MergedRow[] {
    this.#merge.push(file, this.#logs.get(file)?.take(event) ?? []);
    const isQuiet = event.type === 'data' ? event.offset + event.data.length >= event.size : true;
    this.#merge.setQuiet(file, isQuiet);
    if (isQuiet && event.type !== 'note') this.#behind.delete(file);
    return this.#given();
  }

  /** The log has ended. */
  end(file: string): readonly MergedRow[] {
    this.#merge.push(file, this.#logs.get(file)?.end() ?? []);
    this.#merge.setQuiet(file, true);
    this.#behind.delete(file);
    return this.#given();
  }

  #given(): readonly MergedRow[] {
    const rows = this.#last.push(this.#merge.take());
    return this.#behind.size === 0 ? [...rows, ...this.#last.open()] : rows;
  }
}
