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
  const end = Math.floor((most - 1) / 3);
  const beginning = characters
    .slice(0, most - 1 - end)
    .join('')
    .trimEnd();
  return `${beginning}…${characters.slice(-end).join('').trimStart()}`;
}
