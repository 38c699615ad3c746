import { undoTerminalModes } from '../../client/terminalModes.ts';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';

const plainText = '\u001b[0m';
/** Not dim: few could read that in a theme of high contrast. */
const italic = '\u001b[3m';

/** The screen of a terminal: what a program writes, and between it lines of ours, which look different. */
export class Screen extends Disposing {
  readonly #wrote = this.register(new Emitter<string>());
  readonly onDidWrite = this.#wrote.event;
  #atLineStart = true;

  write(text: string): void {
    if (text === '') return;
    this.#atLineStart = text.endsWith('\n');
    this.#wrote.fire(text);
  }

  /** A line of ours: `── ended: success after 14.2 s · 15:12:09 ──`. */
  say(text: string): void {
    const begin = this.#atLineStart ? '' : '\r\n';
    this.write(`${plainText}${begin}${italic}── ${oneLine(text)} ──${plainText}\r\n`);
  }

  /** Takes back what a program that was ended in the midst of its work may have left. */
  reset(): void {
    this.#wrote.fire(undoTerminalModes);
  }
}

/** What others say may be in our line, but not command the terminal. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}
