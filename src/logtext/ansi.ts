import type { Color, Style, StyleSpan } from './row.ts';

// A line as a terminal was meant to draw it becomes plain text and styles. Nothing that a terminal would obey is left:
// colours (SGR) become styles, all other sequences go, lone control characters are drawn as signs.

const escape = '\u001b';
const bell = '\u0007';
const csi8 = '\u009b';

/** A sequence, several NULs, or one control character. Each alternative stops at the next escape, so it stays linear. */
const control = new RegExp(
  [
    `(?:${escape}\\[|${csi8})([0-?]*)[ -/]*([@-~])`,
    `${escape}\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)`,
    `${escape}[PX^_][^${escape}]*${escape}\\\\`,
    `${escape}[ -/]*[0-Z\\\\^-~]`,
    '\\u0000{4,}',
    '(?!\\t)\\p{Cc}',
  ].join('|'),
  'gu',
);
const anyControl = /(?!\t)\p{Cc}/u;

export interface Drawn {
  readonly text: string;
  readonly spans: readonly StyleSpan[];
  /** The style that holds on in the next line. */
  readonly style: Style | undefined;
}

/** `style`: what the line before left switched on. */
export function drawn(line: string, style?: Style): Drawn {
  const raw = line.endsWith('\r') ? line.replace(/\r+$/, '') : line;
  if (!anyControl.test(raw)) {
    const spans = style && raw !== '' ? [{ start: 0, end: raw.length, style }] : [];
    return { text: raw, spans, style };
  }
  const pen = new Pen(style);
  let from = 0;
  for (const match of raw.matchAll(control)) {
    pen.write(raw.slice(from, match.index));
    from = match.index + match[0].length;
    const [all, parameters = '', final] = match;
    if (final === 'm') pen.style = styleAfter(pen.style, parameters);
    else if (all === '\r') pen.clear();
    else if (!all.startsWith(escape) && !all.startsWith(csi8)) pen.write(signOf(all));
    else if (all.length === 1) pen.write(signOf(all));
  }
  pen.write(raw.slice(from));
  return { text: pen.text, spans: pen.spans, style: pen.style };
}

/** Writes a text with its styles' colours, each ended, for a terminal. */
export function withColors(text: string, spans: readonly StyleSpan[]): string {
  let out = '';
  let from = 0;
  for (const { start, end, style } of spans) {
    const codes = codesOf(style);
    out += text.slice(from, start);
    out += codes === '' ? text.slice(start, end) : `${escape}[${codes}m${text.slice(start, end)}${escape}[0m`;
    from = end;
  }
  return out + text.slice(from);
}

class Pen {
  text = '';
  spans: StyleSpan[] = [];
  style: Style | undefined;

  constructor(style: Style | undefined) {
    this.style = style;
  }

  write(text: string): void {
    if (text === '') return;
    const start = this.text.length;
    this.text += text;
    if (!this.style) return;
    const last = this.spans.at(-1);
    if (last?.end === start && last.style === this.style) {
      this.spans[this.spans.length - 1] = { ...last, end: this.text.length };
    } else {
      this.spans.push({ start, end: this.text.length, style: this.style });
    }
  }

  /** Back to the line's beginning: what comes is written over what was there, such as a progress bar. */
  clear(): void {
    this.text = '';
    this.spans = [];
  }
}

function signOf(control: string): string {
  if (control.length > 1) return `␀×${control.length.toLocaleString('en')}`;
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : '\u{fffd}';
}

const flags = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  7: 'inverse',
  9: 'strikethrough',
} as const;

const flagOf: ReadonlyMap<number, (typeof flags)[keyof typeof flags]> = new Map(
  Object.entries(flags).map(([code, flag]) => [Number(code), flag]),
);

/** The style after one sequence of SGR parameters; undefined: none. Blinking and hidden text are shown as any. */
function styleAfter(before: Style | undefined, parameters: string): Style | undefined {
  let style: { -readonly [Key in keyof Style]: Style[Key] } = { ...before };
  const codes = parameters === '' ? ['0'] : parameters.split(';');
  for (let at = 0; at < codes.length; at += 1) {
    const [word = '', ...parts] = (codes[at] ?? '').split(':');
    const code = Number(word);
    const flag = flagOf.get(code);
    if (code === 0) style = {};
    else if (code === 4 && parts[0] === '0') delete style.underline;
    else if (flag) style[flag] = true;
    else if (code === 21) style.underline = true;
    else if (code === 22) {
      delete style.bold;
      delete style.dim;
    } else if (code === 23) delete style.italic;
    else if (code === 24) delete style.underline;
    else if (code === 27) delete style.inverse;
    else if (code === 29) delete style.strikethrough;
    else if (code >= 30 && code <= 37) style.foreground = code - 30;
    else if (code >= 90 && code <= 97) style.foreground = code - 82;
    else if (code >= 40 && code <= 47) style.background = code - 40;
    else if (code >= 100 && code <= 107) style.background = code - 92;
    else if (code === 39) delete style.foreground;
    else if (code === 49) delete style.background;
    else if (code === 38 || code === 48) {
      const given = parts.length > 0 ? parts : codes.slice(at + 1);
      const { color, used } = colorOf(given);
      if (parts.length === 0) at += used;
      if (color !== undefined) style[code === 38 ? 'foreground' : 'background'] = color;
    }
  }
  return Object.keys(style).length > 0 ? style : undefined;
}

/** `5;n` or `2;r;g;b`; with colons there may be an empty colour space before the three. */
function colorOf(words: readonly string[]): { color?: Color; used: number } {
  const [kind, ...rest] = words;
  if (kind === '5') {
    const index = byteOf(rest[0]);
    return index === undefined ? { used: 2 } : { color: indexed(index), used: 2 };
  }
  if (kind !== '2') return { used: 1 };
  const [red, green, blue] = (rest.length > 3 && rest[0] === '' ? rest.slice(1) : rest).map(byteOf);
  if (red === undefined || green === undefined || blue === undefined) return { used: 4 };
  return { color: hex(red, green, blue), used: 4 };
}

function byteOf(word: string | undefined): number | undefined {
  const value = word === undefined || word === '' ? NaN : Number(word);
  return Number.isInteger(value) && value >= 0 && value <= 255 ? value : undefined;
}

/** Of the 256 colours those above 15: a cube of six steps a side, then greys. */
function indexed(index: number): Color {
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return hex(grey, grey, grey);
  }
  const step = (value: number): number => (value === 0 ? 0 : 55 + value * 40);
  const at = index - 16;
  return hex(step(Math.floor(at / 36)), step(Math.floor(at / 6) % 6), step(at % 6));
}

function hex(red: number, green: number, blue: number): Color {
  const two = (value: number): string => value.toString(16).padStart(2, '0');
  return `#${two(red)}${two(green)}${two(blue)}`;
}

function codesOf(style: Style): string {
  const codes: string[] = [];
  for (const [code, flag] of Object.entries(flags)) if (style[flag]) codes.push(code);
  if (style.foreground !== undefined) codes.push(colorCodes(style.foreground, 30));
  if (style.background !== undefined) codes.push(colorCodes(style.background, 40));
  return codes.join(';');
}

function colorCodes(color: Color, base: 30 | 40): string {
  if (typeof color === 'number') return String(color < 8 ? base + color : base + 52 + color);
  const value = parseInt(color.slice(1), 16);
  return `${base + 8};2;${value >> 16};${(value >> 8) & 255};${value & 255}`;
}
