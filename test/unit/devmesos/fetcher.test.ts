import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FetchCache, type Claim } from '../../../src/devmesos/agent/fetcher/fetchCache.ts';
import { fileNameOf, localPathOf, urisError } from '../../../src/devmesos/agent/fetcher/uri.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('fetcher: URIs', () => {
  const names: [uri: string, name: string][] = [
    ['http://host/a.tar.gz', 'a.tar.gz'],
    ['http://host/q.txt?token=a%20b&x=1', 'q.txt?token=a%20b&x=1'],
    ['http://host/plain.txt#frag', 'plain.txt#frag'],
    ['file:///var/lib/local.txt', 'local.txt'],
    ['/var/lib/local.txt', 'local.txt'],
    ['local.txt', 'local.txt'],
  ];
  for (const [uri, name] of names) {
    it(`name the file of ${uri} as Mesos does`, () => assert.equal(fileNameOf(uri), name));
  }

  const refused: [uri: object, error: string][] = [
    [{ value: 'http://host' }, 'Malformed URI (missing path): http://host'],
    [{ value: 'http://host/' }, 'Malformed URI (missing path): http://host/'],
    [{ value: "http://host/it's" }, 'Illegal characters in URI'],
    [{ value: 'http://host/a\\b' }, 'Illegal characters in URI'],
    [{ value: 'http://host/a/..' }, 'Illegal characters in URI'],
    [{ value: '/x', output_file: '' }, 'URI output file path is empty'],
    [{ value: '/x', output_file: '/etc/x' }, 'URI output file must be within the sandbox directory'],
    [{ value: '/x', output_file: '../up' }, 'URI output file must be within the sandbox directory'],
    [{ value: '/x', output_file: 'a/../../up' }, 'URI output file must be within the sandbox directory'],
  ];
  for (const [uri, error] of refused) {
    it(`refuse ${JSON.stringify(uri)}`, () => assert.equal(urisError([uri as { value: string }]), error));
  }

  it('are taken where nothing is wrong, even where they can not be fetched', () => {
    const values = ['', 'x', 'foo://bar/baz', 'http://host/a/b.txt', 'file:///x'];
    assert.equal(urisError(values.map((value) => ({ value, output_file: 'sub/dir/x' }))), undefined);
  });

  it('tell files of this machine from others', () => {
    assert.deepEqual(localPathOf('file:///a b'), { path: '/a b' });
    assert.deepEqual(localPathOf('file://localhost/a'), { path: '/a' });
    assert.deepEqual(localPathOf('/a'), { path: '/a' });
    assert.ok('error' in localPathOf('a')!);
    assert.ok('error' in localPathOf('file://a')!);
    assert.equal(localPathOf('hdfs://a/b'), undefined);
  });
});

describe('fetcher: cache', () => {
  let folder: string;
  let remove: () => Promise<void>;
  let cache: FetchCache;

  beforeEach(async () => {
    ({ path: folder, remove } = await temporaryFolder('fetch-cache'));
    cache = new FetchCache(path.join(folder, 'cache'), 100);
    await mkdir(cache.folderOf('me'), { recursive: true });
  });
  afterEach(() => remove());

  const claim = (uri: string, size = 40): Promise<Claim | undefined> =>
    cache.claim('me', uri, path.basename(uri), () => Promise.resolve(size));
  const keep = async (uri: string, size = 40): Promise<Claim> => {
    const claimed = (await claim(uri, size))!;
    assert.ok(claimed.isFirst);
    await writeFile(claimed.file, Buffer.alloc(size));
    await claimed.settle(true);
    return claimed;
  };

  it('lets others wait for whoever claims a file first, and gives it to them', async () => {
    const first = (await claim('http://h/a'))!;
    const second = (await claim('http://h/a'))!;
    assert.deepEqual([first.isFirst, second.isFirst], [true, false]);
    assert.equal(path.basename(second.file), 'c1-a');
    await writeFile(first.file, 'text');
    await first.settle(true);
    assert.equal(await second.ready, true);
    assert.equal(cache.used, 4, 'what came counts, not what the server said');
  });

  it('tells those that wait when the file does not come, and lets the next try', async () => {
    const first = (await claim('http://h/a'))!;
    const second = (await claim('http://h/a'))!;
    await first.settle(false);
    assert.equal(await second.ready, false);
    assert.equal((await claim('http://h/a'))!.isFirst, true);
  });

  it('keeps the files of users apart', async () => {
    await keep('http://h/a');
    const other = await cache.claim('you', 'http://h/a', 'a', () => Promise.resolve(1));
    assert.ok(other?.isFirst);
    assert.equal(path.dirname(other.file), cache.folderOf('you'));
  });

  it('makes room by what is longest unused, and never by what is in use', async () => {
    const [a, b] = [await keep('http://h/a'), await keep('http://h/b')];
    assert.equal(await claim('http://h/c'), undefined, 'both are in use');
    a.release();
    b.release();
    (await claim('http://h/a'))!.release();
    const c = await keep('http://h/c');
    assert.deepEqual([existsSync(a.file), existsSync(b.file), existsSync(c.file)], [true, false, true]);
    assert.equal(cache.used, 80);
  });

  it('is gone past for what is too large, or of unknown size', async () => {
    (await keep('http://h/a')).release();
    assert.equal(await claim('http://h/large', 101), undefined);
    const unknown = cache.claim('me', 'http://h/b', 'b', () => Promise.reject(new Error('no length')));
    assert.equal(await unknown, undefined);
    assert.equal(cache.used, 40, 'nothing was removed for it');
  });
});
