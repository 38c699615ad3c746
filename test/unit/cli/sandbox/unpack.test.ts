import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pack, type Header } from 'tar-stream';
import { UnsafeArchive, unpack } from '../../../../src/cli/sandbox/unpack.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const { signal } = new AbortController();

function tarOf(
  ...entries: readonly (Partial<Header> & { readonly name: string; readonly text?: string })[]
): Readable {
  const tar = pack();
  for (const { text, ...header } of entries) tar.entry({ mode: 0o644, ...header }, text ?? '');
  tar.finalize();
  return Readable.from(tar, { objectMode: false });
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe("the archive of a sandbox's folder", () => {
  let scratch: Awaited<ReturnType<typeof temporaryFolder>>;
  let folder: string;
  beforeEach(async () => {
    scratch = await temporaryFolder('unpack');
    folder = path.join(scratch.path, 'inner');
    await fs.mkdir(folder);
  });
  afterEach(() => scratch.remove());

  it('becomes files and folders, with their times and no more than their permissions', async () => {
    const mtime = new Date(2026, 10, 23, 12);
    const long = `${'deep/'.repeat(60)}größe.csv`;
    const { files, bytes, leftOut } = await unpack(
      tarOf(
        { name: 'logs/', type: 'directory' },
        { name: './logs/a.log', text: 'hello', mtime },
        { name: 'run.sh', text: '#!', mode: 0o4777 },
        { name: long, text: '1;2' },
      ),
      folder,
      signal,
    );
    assert.deepEqual({ files, bytes, leftOut }, { files: 3, bytes: 10, leftOut: [] });
    assert.equal(await fs.readFile(path.join(folder, 'logs', 'a.log'), 'utf8'), 'hello');
    assert.equal((await fs.stat(path.join(folder, 'logs', 'a.log'))).mtimeMs, mtime.getTime());
    assert.equal(await fs.readFile(path.join(folder, long), 'utf8'), '1;2');
    if (process.platform !== 'win32') {
      assert.equal((await fs.stat(path.join(folder, 'run.sh'))).mode & 0o7022, 0);
    }
  });

  it('is refused where it names a place outside of its folder, which then has nothing new', async () => {
    const before = await fs.readdir(scratch.path);
    for (const name of ['../evil', 'logs/../../evil', '/evil', '..', '.']) {
      await assert.rejects(unpack(tarOf({ name, text: 'x' }), folder, signal), UnsafeArchive, name);
    }
    assert.deepEqual(await fs.readdir(scratch.path), before);
  });

  it('makes no links, and says what it left out', async () => {
    const { files, leftOut } = await unpack(
      tarOf(
        { name: 'out', type: 'symlink', linkname: '..' },
        { name: 'out/evil', text: 'x' },
        { name: 'hard', type: 'link', linkname: '../evil' },
        { name: 'pipe', type: 'fifo' },
      ),
      folder,
      signal,
    );
    assert.deepEqual(leftOut, ['out', 'hard', 'pipe']);
    assert.equal(files, 1);
    // A folder of that name, not the link.
    assert.equal(await fs.readFile(path.join(folder, 'out', 'evil'), 'utf8'), 'x');
    assert.deepEqual(await fs.readdir(scratch.path), ['inner']);
  });

  it('is not taken for whole where it is cut off', async () => {
    const whole = await bytesOf(tarOf({ name: 'a', text: 'x'.repeat(5000) }));
    await assert.rejects(unpack(Readable.from([whole.subarray(0, 2000)]), folder, signal));
    const broken = new Readable({ read: () => undefined });
    const ended = unpack(broken, folder, signal);
    broken.push(whole.subarray(0, 2000));
    broken.destroy(new Error('the connection broke'));
    await assert.rejects(ended, /connection broke/);
  });

  it('ends at once where it is interrupted', async () => {
    const stop = new AbortController();
    const endless = new Readable({ read: () => undefined });
    const ended = unpack(endless, folder, stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(ended, /enough/);
    assert.ok(endless.destroyed);
  });
});
