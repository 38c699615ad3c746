/** Whether something has happened of late: it ends by itself some time after the last thing that did. */
export class Stirring {
  readonly #lingerMs: number;
  readonly #onChange: () => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(lingerMs: number, onChange: () => void) {
    this.#lingerMs = lingerMs;
    this.#onChange = onChange;
  }

  get isGoing(): boolean {
    return this.#timer !== undefined;
  }

  stir(): void {
    if (this.#closed) return;
    const began = this.#timer === undefined;
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#settle(), this.#lingerMs);
    if (began) this.#onChange();
  }

  /** For good. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #settle(): void {
    this.#timer = undefined;
    this.#onChange();
  }
}
