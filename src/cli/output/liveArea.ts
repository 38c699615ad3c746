import { cut } from './text.ts';
import type { Terminal } from './terminal.ts';

const clearToEnd = '\u001b[0J';
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/** Lines at the end of a terminal's output that are drawn again as they change. For interactive terminals only. */
export class LiveArea {
  readonly #terminal: Terminal;
  #drawn = 0;
  #last: string | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /**
   * Draws `lines` in the place of those drawn before, each cut to one row of the terminal, and no more of them than it
   * has rows: what has scrolled away cannot be drawn again.
   */
  draw(lines: readonly string[]): void {
    const width = Math.max(20, this.#terminal.columns() - 1);
    const room = Math.max(3, this.#terminal.rows() - 1);
    const shown =
      lines.length <= room
        ? lines
        : [...lines.slice(0, room - 1), `… and ${lines.length - room + 1} more lines`];
    const text = shown.map((line) => `${cut(line, width)}\n`).join('');
    // Drawn once more, the same would only flicker.
    if (text === this.#last) return;
    this.#last = text;
    this.#terminal.write(`${hideCursor}${this.#home()}${clearToEnd}${text}${showCursor}`);
    this.#drawn = shown.length;
  }

  /** Puts a line above the area, where it stays. */
  above(line: string, lines: readonly string[]): void {
    this.#terminal.write(`${this.#home()}${clearToEnd}${line}\n`);
    this.settle();
    this.draw(lines);
  }

  /** Leaves the lines as they are: the next ones are drawn below. */
  settle(): void {
    this.#drawn = 0;
    this.#last = undefined;
  }

  #home(): string {
    return this.#drawn > 0 ? `\u001b[${this.#drawn}F` : '';
  }
}
