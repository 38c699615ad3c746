import type { SandboxEntry } from '../../api/logs.ts';
import { clock } from '../output/durations.ts';
import { table } from '../output/table.ts';
import type { Colors } from '../output/terminal.ts';
import { oneLine } from '../output/text.ts';

/** The content of a folder of a sandbox, as `ls -l` shows it: folders first, each by name. */
export function entryLines(entries: readonly SandboxEntry[], colors: Colors, now = Date.now()): string[] {
  if (entries.length === 0) return ['It is empty.'];
  const rows = entries.map((entry) => {
    const name = oneLine(entry.path.slice(entry.path.lastIndexOf('/') + 1));
    return [
      permissions(entry),
      entry.kind === 'file' ? String(entry.size) : '',
      clock(entry.modified, now),
      entry.kind === 'folder'
        ? colors.blue(`${name}/`)
        : entry.kind === 'link'
          ? colors.cyan(`${name}@`)
          : name,
    ];
  });
  const longest = Math.max('SIZE'.length, ...rows.map(([, size = '']) => size.length));
  for (const row of rows) row[1] = (row[1] ?? '').padStart(longest);
  return table(['MODE', 'SIZE'.padStart(longest), 'MODIFIED', 'NAME'], rows, colors);
}

/** Folders first, each by name: the order in which they are listed. */
export function sortedEntries(entries: readonly SandboxEntry[]): SandboxEntry[] {
  const rank = ({ kind }: SandboxEntry): number => (kind === 'folder' ? 0 : 1);
  return [...entries].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
}

const kinds = { file: '-', folder: 'd', link: 'l', other: '?' } as const;

/** `-rw-r--r--` */
function permissions({ kind, mode }: SandboxEntry): string {
  const bits = Array.from('rwxrwxrwx').map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'));
  return kinds[kind] + bits.join('');
}
