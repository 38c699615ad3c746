import fs from 'node:fs';

/** A file that another process writes: what is new in it is handed on, some times a second. */
export class TailedFile {
  readonly file: string;
  readonly #hand: (text: string) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #decoder = new TextDecoder();
  #read = 0;

  constructor(file: string, hand: (text: string) => void) {
    this.file = file;
    this.#hand = hand;
    fs.writeFileSync(file, '');
    this.#timer = setInterval(() => this.#look(), 200);
  }

  /** Hands on the rest, and looks no more. */
  end(): void {
    clearInterval(this.#timer);
    this.#look();
  }

  #look(): void {
    if (!fs.existsSync(this.file)) return;
    const bytes = fs.readFileSync(this.file).subarray(this.#read);
    this.#read += bytes.length;
    const text = this.#decoder.decode(bytes, { stream: true });
    if (text !== '') this.#hand(text);
  }
}
