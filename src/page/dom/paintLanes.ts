import type { Bar, Lane } from '../layout/bars.ts';
import type { LanePlace } from '../layout/lanes.ts';
import type { TimeScale } from '../layout/timeScale.ts';
import type { Known } from '../known.ts';
import { drawIcon } from './icons.ts';
import { drawnSlot, kindHatch, slotHatch, type Hatches, type Theme } from './theme.ts';

/** Where names begin. */
export const nameLeft = 8;

/** A bar as it was drawn, for the pointer. */
export interface DrawnBar {
  readonly bar: Bar;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface LanesPicture {
  readonly context: CanvasRenderingContext2D;
  readonly theme: Theme;
  readonly hatches: Hatches;
  readonly known: Known;
  readonly scale: TimeScale;
  /** Where time begins: left of it stand the agents' names. */
  readonly gutter: number;
  readonly height: number;
  /** How far the lanes are scrolled. */
  readonly scrolled: number;
  readonly rowHeight: number;
  readonly ticks: readonly number[];
  readonly places: readonly LanePlace[];
  readonly laneOf: (id: string) => Lane | undefined;
  readonly barsOf: (lane: string) => readonly Bar[];
  readonly rowOf: (bar: string) => number;
  readonly hovered: string | undefined;
  readonly selected: string | undefined;
}

/** Draws the lanes that can be seen, and says where each bar stands. */
export function paintLanes(picture: LanesPicture): DrawnBar[] {
  const { context, theme, scale, gutter, height, ticks, places, scrolled } = picture;
  context.clearRect(0, 0, gutter + scale.width, height);
  context.font = theme.font;
  context.textBaseline = 'middle';
  context.fillStyle = theme.grid;
  for (const tick of ticks) context.fillRect(Math.round(gutter + scale.x(tick)), 0, 1, height);
  const drawn: DrawnBar[] = [];
  places.forEach((place) => {
    const top = place.top - scrolled;
    context.fillStyle = theme.line;
    context.fillRect(0, Math.round(top + place.height) - 1, gutter + scale.width, 1);
    paintName(picture, place, top);
    context.save();
    context.beginPath();
    context.rect(gutter, top, scale.width, place.height);
    context.clip();
    for (const bar of picture.barsOf(place.id)) {
      const box = boxOf(bar, picture, top);
      if (!box) continue;
      paintBar(picture, box);
      drawn.push(box);
    }
    context.restore();
  });
  context.fillStyle = theme.accent;
  context.fillRect(gutter + scale.width - 1, 0, 1, height);
  return drawn;
}

function paintName({ context, theme, gutter, laneOf }: LanesPicture, place: LanePlace, top: number): void {
  const lane = laneOf(place.id);
  if (!lane) return;
  context.save();
  context.beginPath();
  context.rect(0, top, gutter - 8, place.height);
  context.clip();
  context.fillStyle = lane.active ? theme.text : theme.faint;
  context.textAlign = 'left';
  context.fillText(lane.name, nameLeft, top + Math.min(place.height, 20) / 2);
  context.restore();
}

function boxOf(bar: Bar, picture: LanesPicture, top: number): DrawnBar | undefined {
  const { scale, gutter, rowHeight } = picture;
  if (bar.from > scale.to || (bar.to ?? Infinity) < scale.from) return undefined;
  const left = gutter + Math.max(-2, scale.x(bar.from));
  // One that lives reaches now, and one that was short is seen all the same.
  const right = gutter + Math.min(scale.width, scale.x(Math.min(bar.to ?? scale.to, scale.to)));
  const y = top + 2 + picture.rowOf(bar.id) * rowHeight;
  return { bar, left, right: Math.max(right, left + 2), top: y, bottom: y + rowHeight - 2 };
}

function paintBar(picture: LanesPicture, box: DrawnBar): void {
  const { context, theme, hatches, known, scale, gutter, hovered, selected } = picture;
  const { bar, left, right, top, bottom } = box;
  const ours = 'task' in bar ? bar.task : undefined;
  const slot = 'foreign' in bar ? drawnSlot(known.frameworks.get(bar.foreign.framework)?.slot ?? 1) : 0;
  const colour = (ours ? theme.kinds[ours.kind] : theme.slots[slot]) ?? theme.text;
  const [width, height] = [right - left, bottom - top];
  const began = Math.min(right, Math.max(left, gutter + scale.x(bar.began ?? bar.to ?? scale.to)));
  context.fillStyle = theme.background;
  context.fillRect(left, top, width, height);
  // Fainter until its process began.
  context.fillStyle = colour;
  context.globalAlpha = theme.highContrast ? 0 : 0.14;
  context.fillRect(left, top, began - left, height);
  context.globalAlpha = theme.highContrast ? 0.12 : fillOf(bar);
  context.fillRect(began, top, right - began, height);
  const hatch = ours ? kindHatch(ours.kind) : slotHatch(slot);
  const pattern = hatches.pattern(context, hatch, colour);
  if (pattern) {
    context.globalAlpha = 0.4;
    context.fillStyle = pattern;
    context.fillRect(began, top, right - began, height);
  }
  context.globalAlpha = bar.id === hovered || bar.id === selected || theme.highContrast ? 1 : 0.75;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.strokeRect(
    Math.round(left) + 0.5,
    Math.round(top) + 0.5,
    Math.max(1, Math.round(width) - 1),
    Math.round(height) - 1,
  );
  context.globalAlpha = 1;
  if (ours && width > 5) {
    context.fillStyle = colour;
    context.fillRect(Math.round(left), Math.round(top), 2, Math.round(height));
  }
  paintLabel(picture, box, colour);
  if (bar.id === selected) {
    context.strokeStyle = theme.focus;
    context.lineWidth = 2;
    context.strokeRect(left - 1, top - 1, width + 2, height + 2);
  }
}

/** What lives stands out, what went well stands back. */
function fillOf(bar: Bar): number {
  if (bar.to === null) return 0.42;
  return 'task' in bar && bar.task.kind === 'success' ? 0.18 : 0.3;
}

function paintLabel(
  { context, theme, gutter }: LanesPicture,
  { bar, left, right, top, bottom }: DrawnBar,
  colour: string,
): void {
  const height = bottom - top;
  if (height < 10 || right - left < 16) return;
  context.save();
  context.beginPath();
  context.rect(left, top, right - left - 3, height);
  context.clip();
  // A bar that began before what can be seen keeps its name in sight.
  let x = Math.max(left, gutter) + 5;
  if ('task' in bar) {
    drawIcon(context, bar.task.kind, { x, y: top + (height - 11) / 2, size: 11, colour });
    x += 14;
  }
  if (right - x > 18) {
    context.fillStyle = theme.text;
    context.textAlign = 'left';
    context.fillText('task' in bar ? bar.task.name : bar.foreign.name, x, top + height / 2 + 0.5);
  }
  context.restore();
}
