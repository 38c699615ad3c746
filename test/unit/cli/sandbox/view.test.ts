import assert from 'node:assert/strict';
import pc from 'picocolors';
import type { SandboxEntry } from '../../../../src/api/logs.ts';
import { entryLines, sortedEntries } from '../../../../src/cli/views/sandbox.ts';

const noon = new Date(2026, 10, 23, 12, 0, 0).getTime();
const colors = pc.createColors(false);

function entry(path: string, over: Partial<SandboxEntry> = {}): SandboxEntry {
  return { path, kind: 'file', size: 12, modified: noon, mode: 0o644, ...over };
}

describe('the listing of a sandbox', () => {
  it('has folders first, and what ls -l has of each', () => {
    const entries = sortedEntries([
      entry('out/b.csv', { size: 12_345_678 }),
      entry('out/run', { mode: 0o100755 }),
      entry('out/a', { kind: 'link' }),
      entry('out/logs', { kind: 'folder', mode: 0o40755, size: 4096 }),
      entry('out/pipe', { kind: 'other' }),
    ]);
    assert.deepEqual(entryLines(entries, colors, noon), [
      'MODE            SIZE  MODIFIED  NAME',
      'drwxr-xr-x            12:00:00  logs/',
      'lrw-r--r--            12:00:00  a@',
      '-rw-r--r--  12345678  12:00:00  b.csv',
      '?rw-r--r--            12:00:00  pipe',
      '-rwxr-xr-x        12  12:00:00  run',
    ]);
  });

  it('lets no name of a file speak to the terminal', () => {
    const [, line] = entryLines([entry('\u001b[2Jgone\nme')], colors, noon);
    assert.match(line ?? '', /gone me$/);
  });

  it('says that a folder is empty', () => {
    assert.deepEqual(entryLines([], colors), ['It is empty.']);
  });
});
