import { ColourText } from '../../logtext/colourText.ts';
import type { Terminal } from '../output/terminal.ts';
import type { Tell } from './tell.ts';

const lineFeed = 0x0a;
const noColour = '\u001b[0m';

/**
 * A log as it was written. What a task writes may take a terminal over: of control sequences one gets colours only, unless
 * `raw`. Files and pipes get every byte.
 */
export class BytesOutput {
  readonly #out: Terminal;
  readonly #tell: Tell;
  readonly #safe: ColourText | undefined;
  #characters = new TextDecoder();
  #next: number | undefined;
  #isWithinLine = false;
  #isBinary = false;

  constructor(out: Terminal, { raw, tell }: { readonly raw: boolean; readonly tell: Tell }) {
    this.#out = out;
    this.#tell = tell;
    const colours = out.colors.isColorSupported;
    this.#safe = out.isTerminal && !raw ? new ColourText({ colours }) : undefined;
  }

  /** Bytes that stand at an offset of the file. */
  async write(offset: number, data: Buffer): Promise<void> {
    if (data.length === 0) return;
    this.#isWithinLine = data.at(-1) !== lineFeed;
    await this.#out.bytes(this.#safe ? Buffer.from(this.#made(this.#safe, offset, data)) : data);
    this.#next = offset + data.length;
  }

  /** So that what comes next begins a line. */
  endLine(): void {
    if (this.#isWithinLine) this.#out.write('\n');
    this.#isWithinLine = false;
  }

  /** Colours end with the log, however it ends. */
  close(): void {
    if (this.#safe && this.#next !== undefined && this.#out.colors.isColorSupported)
      this.#out.write(noColour);
  }

  #made(safe: ColourText, offset: number, data: Buffer): string {
    // What comes is not the rest of a character.
    if (this.#next !== undefined && offset !== this.#next) this.#characters = new TextDecoder();
    if (!this.#isBinary && data.includes(0)) {
      this.#isBinary = true;
      this.#tell('This is not only text: what is none is left out here. --raw prints it as it is.');
    }
    // The terminal itself makes its line ends.
    return safe.write(this.#characters.decode(data, { stream: true })).replaceAll('\r\n', '\n');
  }
}
