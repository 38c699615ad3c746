import { stripVTControlCharacters } from 'node:util';

/** What one line of a notification holds. */
export const mostCharacters = 90;

/**
 * A phase's detail in one short line: builds and pulls say long ones. Of several lines the last, digests by their first
 * characters, and the middle left out where it is too long still: its ends tell a step from the other.
 */
export function shortDetail(detail: string, most = mostCharacters): string {
  const lines = stripVTControlCharacters(detail)
    .split(/[\r\n]+/)
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
  const line = (lines.at(-1) ?? '').replace(/\b([0-9a-f]{12})[0-9a-f]{28,}\b/g, '$1');
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
