import type { StateKind } from '../../words/states.ts';

/** The colours of the editor's theme as a canvas wants them. */
export interface Theme {
  readonly font: string;
  readonly text: string;
  readonly faint: string;
  /** Between lanes. */
  readonly line: string;
  /** At whole instants, fainter. */
  readonly grid: string;
  readonly background: string;
  readonly accent: string;
  readonly focus: string;
  readonly highContrast: boolean;
  readonly kinds: Readonly<Record<StateKind, string>>;
  /** By slot: ours first. */
  readonly slots: readonly string[];
}

/** How many colours and patterns there are for frameworks, ours among them. */
export const slotCount = 6;

/** The slot that is drawn: with more frameworks than that, others' are used again. */
export function drawnSlot(slot: number): number {
  return slot === 0 ? 0 : 1 + ((slot - 1) % (slotCount - 1));
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  // page.css names each colour of ours after the theme's.
  const of = (name: string): string => style.getPropertyValue(`--page-${name}`).trim() || style.color;
  const size = style.getPropertyValue('--page-small').trim() || '11px';
  return {
    font: `${size} ${style.fontFamily}`,
    text: of('text'),
    faint: of('faint'),
    line: of('line'),
    grid: of('grid'),
    background: of('background'),
    accent: of('accent'),
    focus: of('focus'),
    highContrast: /\bvscode-high-contrast/.test(document.body.className),
    kinds: {
      waiting: of('grey'),
      starting: of('blue'),
      running: of('blue'),
      success: of('green'),
      finished: of('grey'),
      failed: of('red'),
      retry: of('yellow'),
      killed: of('orange'),
      lost: of('orange'),
      skipped: of('grey'),
      deferred: of('purple'),
      superseded: of('grey'),
    },
    slots: Array.from({ length: slotCount }, (_, slot) => of(`slot-${slot}`)),
  };
}

/** Calls back when the editor's theme becomes another one. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}

/** Lines over a bar that tell it from others without colour. */
export type Hatch = 'none' | 'rising' | 'falling' | 'crossed' | 'dotted' | 'upright' | 'level';

const slotHatches: readonly Hatch[] = ['none', 'rising', 'dotted', 'falling', 'upright', 'level'];

export function slotHatch(slot: number): Hatch {
  return slotHatches[drawnSlot(slot)] ?? 'none';
}

/** What a bar's state looks like beside its colour. */
export function kindHatch(kind: StateKind): Hatch {
  if (kind === 'failed') return 'crossed';
  if (kind === 'killed' || kind === 'lost') return 'falling';
  return kind === 'retry' ? 'dotted' : 'none';
}

/** Patterns by look and colour: a canvas makes each once. */
export class Hatches {
  readonly #made = new Map<string, CanvasPattern>();

  pattern(context: CanvasRenderingContext2D, hatch: Hatch, colour: string): CanvasPattern | undefined {
    if (hatch === 'none') return undefined;
    const key = `${hatch} ${colour}`;
    const known = this.#made.get(key);
    if (known) return known;
    const tile = tileOf(hatch, colour);
    const made = tile && context.createPattern(tile, 'repeat');
    if (!made) return undefined;
    this.#made.set(key, made);
    return made;
  }
}

const tileSize = 6;

function tileOf(hatch: Hatch, colour: string): HTMLCanvasElement | undefined {
  const tile = document.createElement('canvas');
  tile.width = tileSize;
  tile.height = tileSize;
  const context = tile.getContext('2d');
  if (!context) return undefined;
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  const line = (x0: number, y0: number, x1: number, y1: number): void => {
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
  };
  // Beyond the edges, so that the tiles' lines join.
  if (hatch === 'rising' || hatch === 'crossed') for (const x of [-6, 0, 6]) line(x - 1, 7, x + 7, -1);
  if (hatch === 'falling' || hatch === 'crossed') for (const x of [-6, 0, 6]) line(x - 1, -1, x + 7, 7);
  if (hatch === 'upright') line(2.5, 0, 2.5, 6);
  if (hatch === 'level') line(0, 2.5, 6, 2.5);
  if (hatch === 'dotted') context.fillRect(1, 1, 2, 2);
  context.stroke();
  return tile;
}
