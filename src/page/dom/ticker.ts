const slowMs = 1000;

/**
 * Calls `draw` as often as something moves by a pixel, in the browser's own frames, and only while the page is seen:
 * hidden, paused or out of sight nothing runs.
 */
export class Ticker {
  readonly #draw: () => void;
  readonly #pauseMs: () => number;
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  #timer: number | undefined;
  #frame: number | undefined;
  #inSight = true;

  /** `pauseMs`: how long until something has moved; Infinity: nothing moves. */
  constructor(node: Element, draw: () => void, pauseMs: () => number) {
    this.#draw = draw;
    this.#pauseMs = pauseMs;
    document.addEventListener('visibilitychange', () => this.poke());
    new IntersectionObserver((entries) => {
      this.#inSight = entries.some(({ isIntersecting }) => isIntersecting);
      this.poke();
    }).observe(node);
  }

  /** Draws with the next frame. */
  poke(): void {
    if (this.#frame !== undefined) return;
    if (document.hidden || !this.#inSight) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
      this.#wait();
    });
  }

  /** Who asked for little motion, of the system or of the editor, sees a step each second. */
  #wantsCalm(): boolean {
    return this.#calm.matches || document.body.classList.contains('vscode-reduce-motion');
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const pause = this.#pauseMs();
    if (!Number.isFinite(pause)) return;
    this.#timer = setTimeout(() => this.poke(), this.#wantsCalm() ? Math.max(slowMs, pause) : pause);
  }
}
