import type { StateKind } from '../../words/states.ts';

/** Drawn on 16 by 16, as lines of 1.4 unless they are filled: each state's shape is its own, without any colour. */
interface Icon {
  readonly path: string;
  readonly filled?: true;
}

const ring = 'M8 2.2a5.8 5.8 0 1 1 0 11.6a5.8 5.8 0 1 1 0-11.6z';

const icons: Readonly<Record<StateKind, Icon>> = {
  waiting: { path: ring },
  starting: { path: 'M8 2.2a5.8 5.8 0 1 1-5.8 5.8M2.2 4.6V8h3.4' },
  running: { path: 'M8 3.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 1 1 0-9.6z', filled: true },
  success: { path: `${ring}M5.2 8.2l2 2l3.6-4` },
  finished: { path: `${ring}M6 8h4` },
  failed: { path: `${ring}M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4` },
  retry: { path: 'M3.2 4.2v3h3M3.6 7a5 5 0 1 1 .6 4M8 5.4V8l2 1.4' },
  killed: { path: `${ring}M3.9 3.9l8.2 8.2` },
  lost: {
    path: 'M2.5 13.5l3-3M5 7.6l3.4 3.4l-1 1a2.4 2.4 0 0 1-3.4-3.4zM13.5 2.5l-3 3M7.6 5l3.4 3.4l1-1a2.4 2.4 0 0 0-3.4-3.4z',
  },
  skipped: { path: 'M3.5 8h9' },
  deferred: { path: `${ring}M8 5v3.2l2.4 1.4` },
  superseded: { path: 'M3 5.5h9l-2.5-2.5M13 10.5H4l2.5 2.5' },
};

const namespace = 'http://www.w3.org/2000/svg';

export function stateIcon(kind: StateKind): SVGSVGElement {
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', `icon kind-${kind}`);
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', icons[kind].path);
  if (icons[kind].filled) path.setAttribute('class', 'filled');
  svg.append(path);
  return svg;
}

const paths = new Map<StateKind, Path2D>();

/** Draws a state's icon into a square of the canvas. */
export function drawIcon(
  context: CanvasRenderingContext2D,
  kind: StateKind,
  {
    x,
    y,
    size,
    colour,
  }: { readonly x: number; readonly y: number; readonly size: number; readonly colour: string },
): void {
  const path = paths.get(kind) ?? new Path2D(icons[kind].path);
  paths.set(kind, path);
  context.save();
  context.translate(x, y);
  context.scale(size / 16, size / 16);
  context.lineWidth = 1.6;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  if (icons[kind].filled) {
    context.fillStyle = colour;
    context.fill(path);
  } else {
    context.strokeStyle = colour;
    context.stroke(path);
  }
  context.restore();
}
