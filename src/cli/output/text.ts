import { stripVTControlCharacters } from 'node:util';

// Widths of text on a terminal. Cells are counted, not UTF-16 units: East Asian wide characters and emoji take two,
// combining marks none.

const segmenter = new Intl.Segmenter();
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}|^[\u{20000}-\u{3fffd}]/u;
const invisible = /^[\p{Mark}\u200b-\u200d\ufeff]/u;
const escape = '\u001b';
const colour = new RegExp(`(${escape}\\[[0-9;]*m)`, 'u');

/** How many cells of a terminal a text takes; colour sequences take none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(stripVTControlCharacters(text))) width += cells(segment);
  return width;
}

function cells(segment: string): number {
  if (invisible.test(segment)) return 0;
  return wide.test(segment) ? 2 : 1;
}

/** A text filled up with spaces to a width. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** A text cut to a width, with `…` for what is missing. Its colours are kept, and ended. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let used = 0;
  let kept = '';
  for (const [index, piece] of text.split(colour).entries()) {
    if (index % 2 === 1) {
      kept += piece;
      continue;
    }
    for (const { segment } of segmenter.segment(piece)) {
      used += cells(segment);
      if (used > width - 1) return `${kept}…${kept.includes(escape) ? `${escape}[0m` : ''}`;
      kept += segment;
    }
  }
  return kept;
}

/** Text from elsewhere in one line without control characters, which could take over a terminal. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/gu, ' ')
    .replace(/\p{Control}/gu, '')
    .trim();
}
