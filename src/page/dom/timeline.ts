import type { RunningClock } from '../clock.ts';
import type { Known } from '../known.ts';
import { barsOf, isBetween, lanesOf, type Bar, type Lane } from '../layout/bars.ts';
import { LaneBook, placesBetween, stacked, type LanePlace } from '../layout/lanes.ts';
import { offerRows, offerTicks, tickAt, type OfferRow, type OfferTick } from '../layout/offers.ts';
import { stepFrom, type Direction } from '../layout/steps.ts';
import { timeScale, timeTicks, type TimeScale } from '../layout/timeScale.ts';
import { waitingOver } from '../layout/waiting.ts';
import { barLines, offerLines } from '../words.ts';
import type { Say } from '../texts.ts';
import { Sharp } from './canvas.ts';
import { element, setAttribute, setText } from './elements.ts';
import { headHeight, headTop, offerRowHeight, paintHead } from './paintHead.ts';
import { paintLanes, type DrawnBar } from './paintLanes.ts';
import { RunTable } from './runTable.ts';
import { Hatches, onThemeChange, readTheme } from './theme.ts';
import { Ticker } from './ticker.ts';
import type { Tooltip } from './tooltip.ts';

const [rowHeight, smallRowHeight] = [18, 8];
/** With more agents than that, lanes are small. */
const manyLanes = 60;
const laneGap = 5;
const tickWord = 76;

export interface TimelineContext {
  readonly say: Say;
  readonly tooltip: Tooltip;
  readonly clock: RunningClock;
  readonly open: (task: string) => void;
}

/** Lanes of task runs by agent, with offers and the queue above them; now is at the right. */
export class Timeline {
  readonly #context: TimelineContext;
  readonly #head = new Sharp('time-head');
  readonly #lanes = new Sharp('time-lanes');
  readonly #spacer = element('div', 'time-spacer');
  readonly #scroller = element('div', 'time-scroller');
  readonly #spoken = element('div', 'heard');
  readonly #empty: HTMLElement;
  readonly #table: RunTable;
  readonly #ticker: Ticker;
  readonly #hatches = new Hatches();
  #theme = readTheme();
  #book = new LaneBook();
  #cluster = '';
  #known: Known | undefined;
  #bars: readonly Bar[] = [];
  #barsByLane: ReadonlyMap<string, readonly Bar[]> = new Map();
  #laneList: readonly Lane[] = [];
  #laneById: ReadonlyMap<string, Lane> = new Map();
  #zoom: number;
  /** Where time stands still; undefined: it does not. */
  #pausedAt: number | undefined;
  #width = 0;
  #viewHeight = 0;
  #scale: TimeScale = timeScale(0, 1, 1);
  #drawn: readonly DrawnBar[] = [];
  #places: readonly LanePlace[] = [];
  #ticks: readonly OfferTick[] = [];
  #rows: readonly OfferRow[] = [];
  #hovered: string | undefined;
  #selected: string | undefined;
  #isToBeShown = false;
  readonly node: HTMLElement;

  constructor(context: TimelineContext, zoom: number) {
    const { say } = context;
    this.#context = context;
    this.#zoom = zoom;
    this.#table = new RunTable(say);
    this.#empty = element('div', 'time-empty', say('nothingYet'));
    this.#spacer.append(this.#lanes.node);
    this.#scroller.append(this.#spacer);
    this.#spoken.setAttribute('aria-live', 'polite');
    const stage = element('div', 'time-stage', this.#head.node, this.#scroller, this.#empty);
    this.node = element('div', 'timeline', stage, this.#spoken, this.#table.node);
    this.#scroller.tabIndex = 0;
    this.#scroller.setAttribute('role', 'application');
    this.#ticker = new Ticker(
      this.node,
      () => this.#draw(),
      () => this.#stepMs(),
    );
    new ResizeObserver(() => this.#measure()).observe(this.#scroller);
    onThemeChange(() => {
      this.#theme = readTheme();
      this.#ticker.poke();
    });
    this.#scroller.addEventListener('scroll', () => this.#ticker.poke());
    this.#listen();
  }

  /** When time was made to stand still. */
  get pausedAt(): number | undefined {
    return this.#pausedAt;
  }

  set zoom(spanMs: number) {
    this.#zoom = spanMs;
    this.#ticker.poke();
  }

  pause(paused: boolean): void {
    this.#pausedAt = paused ? this.#context.clock.now() : undefined;
    this.#ticker.poke();
  }

  tell(known: Known): void {
    if (known.tasks !== this.#known?.tasks || known.foreign !== this.#known.foreign) {
      this.#bars = barsOf(known);
      // Another cluster's rows mean nothing.
      if (known.cluster.name !== this.#cluster) this.#book = new LaneBook();
      this.#cluster = known.cluster.name;
      this.#book.place(this.#bars);
      this.#barsByLane = Map.groupBy(this.#bars, ({ lane }) => lane);
      this.#laneList = lanesOf(known, this.#bars);
    } else if (known.agents !== this.#known.agents) {
      this.#laneList = lanesOf(known, this.#bars);
    }
    this.#laneById = new Map(this.#laneList.map((lane) => [lane.id, lane]));
    this.#known = known;
    this.#ticker.poke();
  }

  #now(): number {
    return this.#pausedAt ?? this.#context.clock.now();
  }

  /** Until something moves by half a pixel. */
  #stepMs(): number {
    const { rate } = this.#context.clock;
    if (this.#pausedAt !== undefined || rate === 0 || !this.#known) return Infinity;
    return Math.max(16, Math.min(1000, this.#zoom / Math.max(1, this.#scale.width) / 2 / rate));
  }

  #measure(): void {
    this.#width = this.#scroller.clientWidth;
    this.#viewHeight = this.#scroller.clientHeight;
    this.#ticker.poke();
  }

  #draw(): void {
    const known = this.#known;
    if (!known || this.#width === 0) return;
    const now = this.#now();
    const gutter = Math.round(Math.min(140, Math.max(72, this.#width * 0.16)));
    this.#scale = timeScale(now, this.#zoom, this.#width - gutter);
    const ticks = timeTicks(this.#scale, tickWord, this.#context.clock.offset);
    this.#drawHead(known, gutter, ticks);
    this.#drawLanes(known, gutter, ticks);
    this.#tellListeners(known, now);
    // Where it stands is known only now: it may have been scrolled to.
    if (this.#isToBeShown) this.#showSelected();
    this.#isToBeShown = false;
  }

  #drawHead(known: Known, gutter: number, ticks: readonly number[]): void {
    const { say, clock } = this.#context;
    const labels: Readonly<Record<OfferRow, string>> = {
      out: say('offersOut'),
      accepted: say('accepted'),
      declined: say('declined'),
      rescinded: say('rescinded'),
    };
    this.#ticks = offerTicks(known.offers.values(), this.#scale, 7);
    // Offers are seldom taken back: their row comes with the first.
    const rescinded = [...known.offers.values()].some(({ fate }) => fate === 'rescinded' || fate === 'lost');
    this.#rows = offerRows.filter((row) => row !== 'rescinded' || rescinded);
    const context = this.#head.sized(this.#width, headHeight(this.#rows.length));
    if (!context) return;
    const columns = Math.max(1, Math.floor(this.#scale.width / 2));
    const { from, to } = this.#scale;
    paintHead({
      context,
      theme: this.#theme,
      scale: this.#scale,
      gutter,
      offset: clock.offset,
      ticks,
      rows: this.#rows.map((row) => ({ row, label: labels[row] })),
      offers: this.#ticks,
      waiting: waitingOver(known.tasks.values(), from, to, columns),
      waitingLabel: say('waitingLane'),
      waitingNow: this.#pausedAt === undefined ? known.cluster.waiting : 0,
    });
  }

  #drawLanes(known: Known, gutter: number, ticks: readonly number[]): void {
    const small = this.#laneList.length > manyLanes;
    const height = small ? smallRowHeight : rowHeight;
    const { from, to } = this.#scale;
    const rowsOf = (lane: string): number => {
      let rows = small ? 2 : 1;
      for (const bar of this.#barsByLane.get(lane) ?? []) {
        if (isBetween(bar, from, to)) rows = Math.max(rows, this.#book.rowOf(bar.id) + 1);
      }
      return rows;
    };
    // Lanes of agents that are gone stay as long as something of theirs can be seen.
    const lanes = this.#laneList.filter(
      ({ id }) => known.agents.has(id) || this.#barsByLane.get(id)?.some((bar) => isBetween(bar, from, to)),
    );
    const { places, height: whole } = stacked(
      lanes.map(({ id }) => ({ id, rows: rowsOf(id) })),
      height,
      laneGap,
    );
    this.#places = places;
    const wanted = `${whole}px`;
    if (this.#spacer.style.height !== wanted) this.#spacer.style.height = wanted;
    const scrolled = this.#scroller.scrollTop;
    const viewHeight = Math.min(whole, this.#viewHeight);
    const context = this.#lanes.sized(this.#width, Math.max(1, viewHeight));
    if (!context) return;
    this.#drawn = paintLanes({
      context,
      theme: this.#theme,
      hatches: this.#hatches,
      known,
      scale: this.#scale,
      gutter,
      height: viewHeight,
      scrolled,
      rowHeight: height,
      ticks,
      places: placesBetween(places, scrolled, scrolled + viewHeight),
      laneOf: (id) => this.#laneById.get(id),
      barsOf: (lane) => this.#barsByLane.get(lane) ?? [],
      rowOf: (bar) => this.#book.rowOf(bar),
      hovered: this.#hovered,
      selected: this.#selected,
    });
    this.#empty.hidden = this.#bars.some((bar) => isBetween(bar, from, to)) || known.agents.size === 0;
  }

  #tellListeners(known: Known, now: number): void {
    const { say, clock } = this.#context;
    const { from } = this.#scale;
    const count = this.#bars.filter((bar) => isBetween(bar, from, now)).length;
    setAttribute(
      this.#scroller,
      'aria-label',
      `${say('timelineOf', known.cluster.name, count, known.agents.size)} ${say('keys')}`,
    );
    const nameOf = (id: string): string => this.#laneById.get(id)?.name ?? id;
    this.#table.draw(this.#bars, { from, now, offset: clock.offset }, nameOf);
  }

  #listen(): void {
    const { tooltip } = this.#context;
    this.#lanes.node.addEventListener('pointermove', (event) => {
      const bar = this.#barAt(event);
      this.#hover(bar?.id);
      this.#lanes.node.style.cursor = bar && 'task' in bar ? 'pointer' : '';
      if (bar) tooltip.show(event.clientX, event.clientY, this.#linesOf(bar));
      else tooltip.hide();
    });
    this.#lanes.node.addEventListener('pointerleave', () => {
      this.#hover(undefined);
      tooltip.hide();
    });
    this.#lanes.node.addEventListener('click', (event) => this.#open(this.#barAt(event)));
    this.#head.node.addEventListener('pointermove', (event) => {
      const { left, top } = this.#head.node.getBoundingClientRect();
      const row = this.#rows[Math.floor((event.clientY - top - headTop) / offerRowHeight)];
      const x = event.clientX - left - (this.#width - this.#scale.width);
      const tick = row && tickAt(this.#ticks, row, x, 6);
      if (!tick) tooltip.hide();
      else {
        const { clock, say } = this.#context;
        tooltip.show(event.clientX, event.clientY, offerLines(tick.offers, clock.offset, say));
      }
    });
    this.#head.node.addEventListener('pointerleave', () => tooltip.hide());
    this.#scroller.addEventListener('keydown', (event) => this.#key(event));
    this.#scroller.addEventListener('blur', () => {
      this.#select(undefined);
      tooltip.hide();
    });
  }

  #barAt(event: MouseEvent): Bar | undefined {
    const { left, top } = this.#lanes.node.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    // The last drawn lies above.
    return this.#drawn.findLast(
      (box) => x >= box.left - 1 && x <= box.right + 1 && y >= box.top && y <= box.bottom,
    )?.bar;
  }

  #linesOf(bar: Bar): string[] {
    const { say } = this.#context;
    const lines = this.#known ? barLines(bar, this.#known, this.#now(), say) : [];
    return 'task' in bar ? [...lines, say('opens')] : lines;
  }

  #hover(id: string | undefined): void {
    if (id === this.#hovered) return;
    this.#hovered = id;
    this.#ticker.poke();
  }

  #open(bar: Bar | undefined): void {
    if (bar && 'task' in bar) this.#context.open(bar.task.id);
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter') {
      this.#open(this.#bars.find(({ id }) => id === this.#selected));
      event.preventDefault();
      return;
    }
    const direction = directions[event.key];
    if (!direction) return;
    event.preventDefault();
    const { from, to } = this.#scale;
    const seen = this.#bars.filter((bar) => isBetween(bar, from, to));
    const lanes = this.#places.map(({ id }) => id);
    this.#select(stepFrom(this.#selected, seen, lanes, direction));
  }

  #select(id: string | undefined): void {
    this.#selected = id;
    const bar = this.#bars.find((one) => one.id === id);
    if (bar) {
      const place = this.#places.find((one) => one.id === bar.lane);
      if (place) this.#scrollTo(place);
      const lane = this.#laneById.get(bar.lane)?.name ?? '';
      setText(this.#spoken, [...this.#linesOf(bar), lane].join(', '));
      this.#isToBeShown = true;
    }
    this.#ticker.poke();
  }

  #scrollTo({ top, height }: LanePlace): void {
    const { scrollTop } = this.#scroller;
    if (top < scrollTop) this.#scroller.scrollTop = top;
    else if (top + height > scrollTop + this.#viewHeight) {
      this.#scroller.scrollTop = top + height - this.#viewHeight;
    }
  }

  /** The same words as a pointer gets, beside the bar. */
  #showSelected(): void {
    const box = this.#drawn.find((one) => one.bar.id === this.#selected);
    if (!box) return;
    const { left, top } = this.#lanes.node.getBoundingClientRect();
    this.#context.tooltip.show(left + box.left, top + box.bottom - 6, this.#linesOf(box.bar));
  }
}

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};
