import type { RunningClock } from '../clock.ts';
import type { Kept } from '../kept.ts';
import type { Known } from '../known.ts';
import type { FromPage } from '../protocol.ts';
import type { Say } from '../texts.ts';
import { Agents } from './agents.ts';
import { element } from './elements.ts';
import { Head } from './head.ts';
import { TimelinePart } from './timelinePart.ts';
import { Tooltip } from './tooltip.ts';

export interface PageContext {
  readonly root: HTMLElement;
  readonly say: Say;
  readonly clock: RunningClock;
  readonly kept: Kept;
  readonly keep: (kept: Kept) => void;
  readonly post: (message: FromPage) => void;
}

/** The whole page: head, timeline, agents. Drawn once a frame at most, however much it is told. */
export class ClusterPage {
  readonly #head: Head;
  readonly #timeline: TimelinePart;
  readonly #agents: Agents;
  readonly #main: HTMLElement;
  #known: Known | undefined;
  #isDue = false;

  constructor({ root, say, clock, kept, keep, post }: PageContext) {
    let zoom = kept.zoom;
    const tooltip = new Tooltip(document.body);
    const open = (id: string): void => post({ type: 'openTask', id });
    const remember = (): void => keep({ zoom, ...this.#agents.choices });
    this.#head = new Head(say, () => post({ type: 'start' }));
    this.#timeline = new TimelinePart(
      { say, tooltip, clock, open, play: (asked) => post({ type: 'recording', ...asked }) },
      zoom,
      (spanMs) => {
        zoom = spanMs;
        remember();
      },
    );
    this.#agents = new Agents({ say, tooltip, now: () => clock.now(), open }, kept, remember);
    this.#main = element('main', '', this.#timeline.node, this.#agents.node);
    this.#main.hidden = true;
    root.replaceChildren(this.#head.node, this.#main);
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  tell(known: Known): void {
    this.#known = known;
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  #draw(): void {
    const known = this.#known;
    if (!known) return;
    this.#head.draw(known);
    this.#main.hidden = !known.cluster.known;
    this.#timeline.tell(known);
    this.#agents.draw(known);
  }

  /** What holds wherever the keyboard is, but where a key means something else. */
  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const { target } = event;
    const inControl = target instanceof Element && target.closest('input, select') !== null;
    if (inControl) return;
    if (event.key === '+' || event.key === '=') this.#timeline.zoom(1);
    else if (event.key === '-') this.#timeline.zoom(-1);
    else if (event.key === ' ' && !(target instanceof Element && target.closest('button'))) {
      this.#timeline.togglePause();
    } else return;
    event.preventDefault();
  }
}
