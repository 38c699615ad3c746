import type { Color, Style } from '../../logtext/row.ts';
import { readable } from './contrast.ts';

export type ThemeKind = 'light' | 'dark';

/** The id of a colour of the theme, or a colour. */
export type LookColor = { readonly id: string } | string;

/** How a style is drawn in the editor. */
export interface Look {
  readonly color?: LookColor;
  readonly backgroundColor?: LookColor;
  readonly fontWeight?: 'bold';
  readonly fontStyle?: 'italic';
  readonly textDecoration?: string;
  readonly opacity?: string;
}

const names = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'];
const black = 0;
const grey = 8;
const white = 7;
const brightWhite = 15;

export function lookOf(style: Style, kind: ThemeKind): Look {
  const [front, behind] = colorsOf(style, kind);
  const lines = [style.underline ? 'underline' : '', style.strikethrough ? 'line-through' : ''];
  const textDecoration = lines.filter((line) => line !== '').join(' ');
  return {
    ...(front === undefined ? {} : { color: front }),
    ...(behind === undefined ? {} : { backgroundColor: behind }),
    ...(style.bold ? { fontWeight: 'bold' } : {}),
    ...(style.italic ? { fontStyle: 'italic' } : {}),
    ...(textDecoration === '' ? {} : { textDecoration }),
    ...(style.dim ? { opacity: '0.7' } : {}),
  };
}

function colorsOf(
  { foreground, background, inverse }: Style,
  kind: ThemeKind,
): readonly [LookColor | undefined, LookColor | undefined] {
  const ground = background === undefined ? undefined : colorOf(background);
  // A background of the program's own was chosen for the colour before it; the theme's was not.
  const text =
    foreground === undefined
      ? undefined
      : ground === undefined
        ? onTheme(foreground, kind)
        : colorOf(foreground);
  if (!inverse) return [text, ground];
  return [ground ?? { id: 'editor.background' }, text ?? { id: 'editor.foreground' }];
}

/** Of black on black, and of white on white, nothing could be read. */
function onTheme(color: Color, kind: ThemeKind): LookColor {
  if (typeof color !== 'number') return readable(color, kind);
  if (kind === 'dark') return colorOf(color === black ? grey : color);
  return colorOf(color === brightWhite ? white : color);
}

function colorOf(color: Color): LookColor {
  if (typeof color !== 'number') return color;
  return { id: `terminal.ansi${color < 8 ? '' : 'Bright'}${names[color % 8] ?? ''}` };
}
