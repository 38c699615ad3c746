import { stripVTControlCharacters } from 'node:util';

/** What one line of a notification holds. */
export const mostCharacters = 90;

/**
 * A phase's detail in one short line: builds and pulls say long ones. Of several lines the last, digests by their first
 * characters, and the middle left out where it is too long still: its ends tell a step from the other.
 */
export function shortDetail(detail: string, most = mostCharacters): string {
  const line = (linesOf(detail).at(-1) ?? '').replace(/\b([0-9a-f]{12})[0-9a-f]{28,}\b/g, '$1');
  return withoutMiddle(line, most);
}

/** Of a reason with many lines (a build's output, a log's end) the first and the last: one of them says it. */
export function bothEnds(text: string, most: number): string {
  const lines = linesOf(text);
  const [first = ''] = lines;
  const last = lines.at(-1) ?? '';
  if (lines.length < 2) return withoutMiddle(first, most);
  const half = Math.floor((most - 3) / 2);
  return `${withoutMiddle(first, half)} … ${withoutMiddle(last, half)}`;
}

function linesOf(text: string): string[] {
  return stripVTControlCharacters(text)
    .split(/[\r\n]+/)
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}

function withoutMiddle(line: string, most: number): string {
  const characters = Array.from(line);
  if (characters.length <= most) return line;
  const room = Math.floor(most / 2);
  // From a whole word on: of `132 packages`, `2 packages` would tell something else.
  const end = characters
    .slice(-room)
    .join('')
    .replace(/^\S{0,20}\s+/, '');
  const beginning = characters
    .slice(0, most - room - 3)
    .join('')
    .trimEnd();
  return `${beginning} …${end === '' ? '' : ` ${end}`}`;
}
