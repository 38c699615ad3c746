import { element, setText } from './elements.ts';

const distance = 14;

/** The one hover of the page: a first line, and more below it. */
export class Tooltip {
  readonly #title = element('div', 'tip-title');
  readonly #lines = element('div', 'tip-lines');
  readonly #box = element('div', 'tip', this.#title, this.#lines);

  constructor(parent: HTMLElement) {
    // What it says, a screen reader has from the labels of what is hovered.
    this.#box.setAttribute('aria-hidden', 'true');
    this.#box.hidden = true;
    parent.append(this.#box);
  }

  /** Near a place of the window, inside of it. */
  show(x: number, y: number, [title, ...lines]: readonly string[]): void {
    setText(this.#title, title ?? '');
    setText(this.#lines, lines.filter((line) => line !== '').join('\n'));
    this.#box.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.#box;
    const left = x + distance + width > innerWidth ? x - distance - width : x + distance;
    const top = y + distance + height > innerHeight ? y - distance - height : y + distance;
    this.#box.style.left = `${Math.max(4, left)}px`;
    this.#box.style.top = `${Math.max(4, top)}px`;
  }

  hide(): void {
    this.#box.hidden = true;
  }

  /** Shows lines while the pointer is over an element, or the keyboard is in it. */
  attach(target: HTMLElement, lines: () => readonly string[]): void {
    target.addEventListener('pointermove', (event) => this.show(event.clientX, event.clientY, lines()));
    target.addEventListener('pointerleave', () => this.hide());
    target.addEventListener('focus', () => {
      if (!target.matches(':focus-visible')) return;
      const { left, bottom } = target.getBoundingClientRect();
      this.show(left - distance, bottom - distance + 4, lines());
    });
    target.addEventListener('blur', () => this.hide());
  }
}
