import type { PlayRecording } from '../protocol.ts';
import { wallClock } from '../layout/format.ts';
import { zoomed, zooms } from '../layout/timeScale.ts';
import type { Known } from '../known.ts';
import { zoomWords } from '../words.ts';
import { button, element, setAttribute, setText } from './elements.ts';
import { Timeline, type TimelineContext } from './timeline.ts';

const speeds = [1, 2, 5, 10, 30, 60];

/** The timeline with its buttons: how much time, pause, and of a recording the place in it and its speed. */
export class TimelinePart {
  readonly #context: TimelineContext;
  readonly #timeline: Timeline;
  readonly #zoomText = element('span', 'zoom');
  readonly #less: HTMLButtonElement;
  readonly #more: HTMLButtonElement;
  readonly #pause: HTMLButtonElement;
  readonly #standing = element('span', 'standing');
  readonly #slider = element('input', 'slider');
  readonly #speed = element('select');
  readonly #play: (asked: Omit<PlayRecording, 'type'>) => void;
  readonly #zoomChanged: (spanMs: number) => void;
  #zoom: number;
  readonly node: HTMLElement;

  constructor(
    context: TimelineContext & { readonly play: (asked: Omit<PlayRecording, 'type'>) => void },
    zoom: number,
    zoomChanged: (spanMs: number) => void,
  ) {
    const { say } = context;
    this.#context = context;
    this.#zoom = zoom;
    this.#zoomChanged = zoomChanged;
    this.#play = context.play;
    this.#timeline = new Timeline(context, zoom);
    this.#less = button('tool', '−', () => this.zoom(-1));
    this.#more = button('tool', '+', () => this.zoom(1));
    this.#less.title = say('zoomOut');
    this.#more.title = say('zoomIn');
    for (const one of [this.#less, this.#more]) one.setAttribute('aria-label', one.title);
    this.#pause = button('tool wide', say('pause'), () => this.togglePause());
    this.#slider.type = 'range';
    this.#slider.setAttribute('aria-label', say('place'));
    this.#slider.addEventListener('change', () => context.play({ at: this.#slider.valueAsNumber }));
    this.#speed.append(...speeds.map((speed) => new Option(say('speed', speed), String(speed))));
    this.#speed.addEventListener('change', () => context.play({ speed: Number(this.#speed.value) }));
    this.#speed.title = say('speedOf');
    this.#speed.setAttribute('aria-label', say('speedOf'));
    const tools = element(
      'span',
      'tools',
      this.#standing,
      this.#speed,
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
    this.#speed.hidden = span === undefined;
    if (span && document.activeElement !== this.#slider) {
      this.#slider.min = String(span.from);
      this.#slider.max = String(span.to);
      this.#slider.value = String(Math.round(this.#context.clock.now()));
      if (document.activeElement !== this.#speed) this.#speed.value = String(span.speed);
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
    const { clock } = this.#context;
    // A recording stands still itself: nothing of it is missed meanwhile.
    if (clock.span) this.#play({ paused: clock.rate > 0 });
    else this.#timeline.pause(this.#timeline.pausedAt === undefined);
    this.#drawTools();
  }

  #drawTools(): void {
    const { say, clock } = this.#context;
    const pausedAt = clock.span && clock.rate === 0 ? clock.now() : this.#timeline.pausedAt;
    setText(this.#zoomText, zoomWords(this.#zoom, say));
    this.#less.disabled = this.#zoom === zooms.at(-1);
    this.#more.disabled = this.#zoom === zooms[0];
    setText(this.#pause, say(pausedAt === undefined ? 'pause' : 'resume'));
    setAttribute(this.#pause, 'aria-pressed', String(pausedAt !== undefined));
    setText(
      this.#standing,
      pausedAt === undefined
        ? say(clock.span ? 'recording' : 'live')
        : say('pausedAt', wallClock(pausedAt, clock.offset)),
    );
    this.#standing.classList.toggle('paused', pausedAt !== undefined);
  }
}
