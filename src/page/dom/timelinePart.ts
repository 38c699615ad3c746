import { wallClock } from '../layout/format.ts';
import { zoomed, zooms } from '../layout/timeScale.ts';
import type { Known } from '../known.ts';
import { zoomWords } from '../words.ts';
import { button, element, setAttribute, setText } from './elements.ts';
import { Timeline, type TimelineContext } from './timeline.ts';

/** The timeline with its buttons: how much time, pause, and of a recording the place in it. */
export class TimelinePart {
  readonly #context: TimelineContext;
  readonly #timeline: Timeline;
  readonly #zoomText = element('span', 'zoom');
  readonly #less: HTMLButtonElement;
  readonly #more: HTMLButtonElement;
  readonly #pause: HTMLButtonElement;
  readonly #standing = element('span', 'standing');
  readonly #slider = element('input', 'slider');
  readonly #zoomChanged: (spanMs: number) => void;
  #zoom: number;
  readonly node: HTMLElement;

  constructor(
    context: TimelineContext & { readonly seek: (at: number) => void },
    zoom: number,
    zoomChanged: (spanMs: number) => void,
  ) {
    const { say } = context;
    this.#context = context;
    this.#zoom = zoom;
    this.#zoomChanged = zoomChanged;
    this.#timeline = new Timeline(context, zoom);
    this.#less = button('tool', '−', () => this.zoom(-1));
    this.#more = button('tool', '+', () => this.zoom(1));
    this.#less.title = say('zoomOut');
    this.#more.title = say('zoomIn');
    for (const one of [this.#less, this.#more]) one.setAttribute('aria-label', one.title);
    this.#pause = button('tool wide', say('pause'), () => this.togglePause());
    this.#slider.type = 'range';
    this.#slider.setAttribute('aria-label', say('place'));
    this.#slider.addEventListener('input', () => context.seek(this.#slider.valueAsNumber));
    const tools = element(
      'span',
      'tools',
      this.#standing,
      this.#pause,
      this.#less,
      this.#zoomText,
      this.#more,
    );
    this.node = element(
      'section',
      'time',
      element('div', 'part-head', element('h2', '', say('timeline')), tools),
      this.#timeline.node,
      this.#slider,
    );
    this.node.setAttribute('aria-label', say('timeline'));
    this.node.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        this.zoom(event.deltaY < 0 ? 1 : -1);
      },
      { passive: false },
    );
    this.#drawTools();
  }

  tell(known: Known): void {
    this.#timeline.tell(known);
    const { span } = this.#context.clock;
    this.#slider.hidden = span === undefined;
    if (span && document.activeElement !== this.#slider) {
      this.#slider.min = String(span.from);
      this.#slider.max = String(span.to);
      this.#slider.value = String(Math.round(this.#context.clock.now()));
    }
    this.#drawTools();
  }

  zoom(direction: 1 | -1): void {
    this.#zoom = zoomed(this.#zoom, direction);
    this.#timeline.zoom = this.#zoom;
    this.#zoomChanged(this.#zoom);
    this.#drawTools();
  }

  togglePause(): void {
    this.#timeline.pause(this.#timeline.pausedAt === undefined);
    this.#drawTools();
  }

  #drawTools(): void {
    const { say, clock } = this.#context;
    const { pausedAt } = this.#timeline;
    setText(this.#zoomText, zoomWords(this.#zoom, say));
    this.#less.disabled = this.#zoom === zooms.at(-1);
    this.#more.disabled = this.#zoom === zooms[0];
    setText(this.#pause, say(pausedAt === undefined ? 'pause' : 'resume'));
    setAttribute(this.#pause, 'aria-pressed', String(pausedAt !== undefined));
    setText(
      this.#standing,
      pausedAt === undefined ? say('live') : say('pausedAt', wallClock(pausedAt, clock.offset)),
    );
    this.#standing.classList.toggle('paused', pausedAt !== undefined);
  }
}
