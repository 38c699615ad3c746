import type { LogRow } from '../../logtext/row.ts';
import type { Terminal } from '../output/terminal.ts';
import { rowJson, rowText, type RowOrigin } from './rowText.ts';
import type { Tell } from './tell.ts';

export interface OriginRow {
  readonly origin: RowOrigin;
  readonly row: LogRow;
}

export interface RowsOutputOptions {
  readonly json: boolean;
  readonly tell: Tell;
  /** Lines of several logs: each says which it is of, in so many columns. */
  readonly nameWidth?: number;
}

/** Rows as lines, for a person or a program. */
export class RowsOutput {
  readonly #out: Terminal;
  readonly #options: RowsOutputOptions;

  constructor(out: Terminal, options: RowsOutputOptions) {
    this.#out = out;
    this.#options = options;
  }

  async write(rows: readonly OriginRow[]): Promise<void> {
    const lines: string[] = [];
    for (const { row, origin } of rows) {
      // What is said of the file is no line of it.
      if (row.note) this.#options.tell(row.text.replace(/^── | ──$/g, ''));
      else lines.push(`${this.#line(row, origin)}\n`);
    }
    if (lines.length > 0) await this.#out.bytes(Buffer.from(lines.join('')));
  }

  #line(row: LogRow, origin: RowOrigin): string {
    const { json, nameWidth } = this.#options;
    if (json) return rowJson(row, origin);
    const text = rowText(row, this.#out.colors);
    if (nameWidth === undefined) return text;
    return `${this.#out.colors.cyan(`${origin.file.padEnd(nameWidth)} │`)} ${text}`;
  }
}
