import type { DownloadedLogs } from '../logArchive/download.ts';
import { byteCount, count } from '../output/amounts.ts';
import { oneLine } from '../output/text.ts';

/** How many of what is missing is said. */
const mostLacks = 5;

/** Where logs are now, and what of them could not be had. */
export function downloadedLines({ file, bytes, tries }: DownloadedLogs): string[] {
  const lacks = tries.flatMap((one) => one.lacks.map((lack) => `  ${one.folder}: ${oneLine(lack)}`));
  const files = tries.reduce((sum, one) => sum + one.files.length, 0);
  return [
    file,
    `${count(files, 'log')} of ${tries.length === 1 ? '1 try' : `${tries.length} tries`}, ${byteCount(bytes)}`,
    ...(lacks.length === 0 ? [] : ['Not all could be had; index.json in it has the rest of these:']),
    ...lacks.slice(0, mostLacks),
  ];
}
