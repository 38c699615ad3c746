import { wallClock } from '../layout/format.ts';
import type { OfferRow, OfferTick } from '../layout/offers.ts';
import type { TimeScale } from '../layout/timeScale.ts';
import { nameLeft } from './paintLanes.ts';
import type { Theme } from './theme.ts';

export const headTop = 4;
export const offerRowHeight = 14;
export const waitingHeight = 26;
export const axisHeight = 20;

export interface HeadPicture {
  readonly context: CanvasRenderingContext2D;
  readonly theme: Theme;
  readonly scale: TimeScale;
  readonly gutter: number;
  readonly offset: number;
  readonly ticks: readonly number[];
  readonly rows: readonly { readonly row: OfferRow; readonly label: string }[];
  readonly offers: readonly OfferTick[];
  /** How many waited, a number for each two pixels. */
  readonly waiting: readonly number[];
  readonly waitingLabel: string;
  readonly waitingNow: number;
}

export function headHeight(rows: number): number {
  return headTop + rows * offerRowHeight + waitingHeight + axisHeight;
}

/** Offers as ticks, the queue as an area, and the time, above the lanes. */
export function paintHead(picture: HeadPicture): void {
  const { context, theme, scale, gutter, rows } = picture;
  const height = headHeight(rows.length);
  context.clearRect(0, 0, gutter + scale.width, height);
  context.font = theme.font;
  context.textBaseline = 'middle';
  paintGrid(picture, height);
  rows.forEach(({ label }, index) => paintRowLabel(picture, label, headTop + (index + 0.5) * offerRowHeight));
  context.save();
  context.beginPath();
  context.rect(gutter, 0, scale.width, height);
  context.clip();
  for (const tick of picture.offers) {
    const index = rows.findIndex(({ row }) => row === tick.row);
    if (index >= 0) paintTick(picture, tick, headTop + (index + 0.5) * offerRowHeight);
  }
  context.restore();
  paintWaiting(picture, headTop + rows.length * offerRowHeight);
  context.fillStyle = theme.accent;
  context.fillRect(gutter + scale.width - 1, 0, 1, height);
}

function paintGrid({ context, theme, scale, gutter, ticks, offset }: HeadPicture, height: number): void {
  const whole = scale.to - scale.from >= 600_000;
  context.textAlign = 'center';
  const y = height - axisHeight / 2;
  const now = wallClock(scale.to, offset);
  const nowWidth = context.measureText(now).width;
  for (const tick of ticks) {
    const x = Math.round(gutter + scale.x(tick));
    context.fillStyle = theme.grid;
    context.fillRect(x, 0, 1, height - axisHeight + 4);
    const word = wallClock(tick, offset, !whole);
    const half = context.measureText(word).width / 2;
    // Not below the present time, nor over the names.
    if (x + half > gutter + scale.width - nowWidth - 10 || x - half < gutter - 8) continue;
    context.fillStyle = theme.faint;
    context.fillText(word, x, y);
  }
  context.textAlign = 'right';
  context.fillStyle = theme.text;
  context.fillText(now, gutter + scale.width - 3, y);
}

function paintRowLabel({ context, theme, gutter }: HeadPicture, label: string, y: number): void {
  context.save();
  context.beginPath();
  context.rect(0, y - offerRowHeight / 2, gutter - 8, offerRowHeight);
  context.clip();
  context.textAlign = 'left';
  context.fillStyle = theme.faint;
  context.fillText(label, nameLeft, y);
  context.restore();
}

/** Each fate has a shape of its own; more offers at a time make a taller tick. */
function paintTick(
  { context, theme, scale, gutter }: HeadPicture,
  { row, x, offers }: OfferTick,
  y: number,
): void {
  const left = Math.round(gutter + x);
  const half = Math.min(5.5, 2.5 + Math.log2(offers.length));
  if (row === 'out') {
    context.strokeStyle = theme.kinds.running;
    context.lineWidth = 1;
    context.setLineDash([3, 2]);
    context.beginPath();
    context.moveTo(left + 4, y + 0.5);
    context.lineTo(gutter + scale.width, y + 0.5);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(left, y - 4);
    context.lineTo(left + 4, y);
    context.lineTo(left, y + 4);
    context.lineTo(left - 4, y);
    context.closePath();
    context.stroke();
  } else if (row === 'accepted') {
    context.fillStyle = theme.kinds.success;
    context.beginPath();
    context.moveTo(left, y - half - 0.5);
    context.lineTo(left + 4, y + half);
    context.lineTo(left - 4, y + half);
    context.closePath();
    context.fill();
  } else if (row === 'declined') {
    context.fillStyle = theme.faint;
    context.fillRect(left - 1, y - half, 2, half * 2);
  } else {
    context.strokeStyle = theme.kinds.lost;
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(left - 3, y - 3);
    context.lineTo(left + 3, y + 3);
    context.moveTo(left + 3, y - 3);
    context.lineTo(left - 3, y + 3);
    context.stroke();
  }
}

function paintWaiting(picture: HeadPicture, top: number): void {
  const { context, theme, scale, gutter, waiting, waitingLabel, waitingNow } = picture;
  paintRowLabel(picture, waitingLabel, top + waitingHeight / 2);
  const most = Math.max(4, waitingNow, ...waiting);
  const bottom = top + waitingHeight - 3;
  const room = waitingHeight - 8;
  const step = scale.width / Math.max(1, waiting.length);
  context.beginPath();
  context.moveTo(gutter, bottom);
  waiting.forEach((count, index) => {
    const y = bottom - (count / most) * room;
    context.lineTo(gutter + index * step, y);
    context.lineTo(gutter + (index + 1) * step, y);
  });
  context.lineTo(gutter + scale.width, bottom);
  context.closePath();
  context.fillStyle = theme.kinds.waiting;
  context.globalAlpha = 0.25;
  context.fill();
  context.globalAlpha = 0.9;
  context.strokeStyle = theme.kinds.waiting;
  context.lineWidth = 1;
  context.stroke();
  context.globalAlpha = 1;
  if (waitingNow > 0) {
    context.textAlign = 'right';
    context.fillStyle = theme.text;
    context.fillText(String(waitingNow), gutter + scale.width - 5, top + 8);
  }
}
