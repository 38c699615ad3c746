import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { findProgram } from '../../../src/devmesos/agent/userSwitch.ts';
import type { CommandUri, TaskInfo } from '../../../src/mesos/types.ts';
import type { RawScheduler } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { OneByOne } from './support/oneByOne.ts';
import { Parts } from './support/parts.ts';

const isRoot = process.getuid?.() === 0;

describe('dev agent: fetcher', function () {
  let parts: Parts;
  let tasks: OneByOne;
  let scheduler: RawScheduler;
  let server: http.Server;
  let base: string;
  let served: string;
  /** `GET /a.tar.gz`, as they came. */
  const requests: string[] = [];
  const heads: http.IncomingMessage[] = [];
  const hanging = new Set<http.ServerResponse>();

  before(async function () {
    if (process.platform !== 'linux') this.skip();
    parts = await Parts.make();
    // Other users must get through it.
    await fs.chmod(parts.folder, 0o711);
    served = path.join(parts.folder, 'served');
    await makeArchives(served);
    server = http.createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await parts.startMaster(0, '--allocation-interval', '100ms');
    tasks = await OneByOne.begin(parts, ['--fetcher-stall-timeout', '500ms']);
    ({ scheduler } = tasks);
  });

  after(async () => {
    scheduler.disconnect();
    await parts.remove();
    for (const response of hanging) response.destroy();
    server.closeAllConnections();
    server.close();
  });

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    heads.push(request);
    const name = (request.url ?? '').slice(1);
    if (name === 'moved') return void response.writeHead(302, { Location: '/plain.txt' }).end();
    if (name === 'close') return void request.socket.destroy();
    if (name === 'short.bin') {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('0123456789', () => request.socket.destroy());
      return;
    }
    if (name === 'stalls' || name === 'slow') {
      hanging.add(response);
      response.writeHead(200, { 'Content-Length': '1000000' });
      response.write('x');
      if (name === 'slow') {
        const timer = setInterval(() => response.write('x'), 50);
        response.on('close', () => clearInterval(timer));
      }
      return;
    }
    const content = await fs
      .readFile(path.join(served, decodeURIComponent(name.split('?')[0] ?? '')))
      .catch(() => undefined);
    if (!content) return void response.writeHead(404).end('gone');
    if (name !== 'nolen.bin') response.setHeader('Content-Length', content.length);
    response.end(request.method === 'HEAD' ? undefined : content);
  }

  const launch = async (
    id: string,
    uris: CommandUri[],
    value = 'ls -lanR .',
    rest: Partial<TaskInfo> = {},
  ): Promise<void> => tasks.launch(id, { value, uris }, rest);
  /** What the fetcher logged, without times and with $S for the sandbox. */
  const log = async (id: string): Promise<string[]> =>
    (await tasks.read(id, 'stderr'))
      .replaceAll(await tasks.sandboxOf(id), '$S')
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^([IWE])\d{4} \d\d:\d\d:\d\d\.\d{6} \d+ /, '$1 '));
  const finish = async (id: string): Promise<void> => {
    const status = await tasks.end(id);
    assert.equal(status.state, 'TASK_FINISHED', `${status.message ?? ''}\n${await tasks.read(id, 'stderr')}`);
  };
  /** Waits for a task that fails as one does whose URIs can't be fetched; returns the reason that the fetcher logged. */
  const failure = async (id: string): Promise<string> => {
    const status = await tasks.end(id);
    const container = path.basename(await tasks.sandboxOf(id));
    assert.deepEqual(
      [status.state, status.source, status.reason, status.message],
      [
        'TASK_FAILED',
        'SOURCE_AGENT',
        'REASON_CONTAINER_LAUNCH_FAILED',
        `Failed to launch container: Failed to fetch all URIs for container '${container}': exited with status 1`,
      ],
    );
    assert.equal(status.container_status, undefined);
    assert.equal(status.executor_id?.value, id);
    assert.equal(scheduler.updates(id).length, 1, 'it never started');
    const lines = await log(id);
    assert.equal(lines.at(-1), "Failed to synchronize with agent (it's probably exited)");
    return lines.at(-2)!.replace(/^E fetcher.cpp:615\] EXIT with status 1: Failed to fetch '[^']*': /, '');
  };
  /** By name, of what `ls -l` lists. */
  const modes = (text: string): Record<string, string> =>
    Object.fromEntries(
      [...text.matchAll(/^(\S{10}) +\d+ \d+ \d+ .* (\S+)$/gm)].map(
        ([, mode = '', name = '']): [string, string] => [name, mode],
      ),
    );

  it('downloads a file, asking for it as curl does, and logs what a real fetcher logs', async () => {
    await launch('plain', [{ value: `${base}/plain.txt` }]);
    await finish('plain');
    assert.equal(await tasks.read('plain', 'plain.txt'), 'plain\n');
    const { headers, httpVersion } = heads.at(-1)!;
    assert.deepEqual([headers, httpVersion], [{ host: base.slice(7), accept: '*/*' }, '1.1']);
    const uri = `${base}/plain.txt`;
    const user = process.getuid?.() === 0 ? 'root' : (process.env.USER ?? '');
    const [info = '', ...rest] = await log('plain');
    assert.match(info, /^I fetcher\.cpp:562\] Fetcher Info: \{/);
    assert.deepEqual(JSON.parse(info.slice(info.indexOf('{'))), {
      cache_directory: path.join(tasks.workDir, 'fetch', user),
      items: [{ action: 'BYPASS_CACHE', uri: { extract: true, value: uri } }],
      sandbox_directory: '$S',
      stall_timeout: { nanoseconds: 500_000_000 },
      user,
    });
    assert.deepEqual(rest, [
      `I fetcher.cpp:459] Fetching URI '${uri}'`,
      `I fetcher.cpp:290] Fetching '${uri}' directly into the sandbox directory`,
      `I fetcher.cpp:175] Downloading resource from '${uri}' to '$S/plain.txt'`,
      `W fetcher.cpp:332] Copying instead of extracting resource from URI with 'extract' flag, because it does not seem to be an archive: ${uri}`,
      `I fetcher.cpp:618] Fetched '${uri}' to '$S/plain.txt'`,
      "I fetcher.cpp:623] Successfully fetched all URIs into '$S'",
    ]);
  });

  it('extracts a runtime of an archive: links, modes and all', async () => {
    const value = 'dir/run.sh && cat dir/link && readlink dir/link && cmp top.txt hard.txt && ls -lanR .';
    await launch('archive', [{ value: `${base}/a.tar.gz` }], value);
    await finish('archive');
    const out = await tasks.read('archive', 'stdout');
    assert.ok(out.startsWith('script ran\ntop\n../top.txt\n'), out);
    const listed = modes(out);
    assert.deepEqual(
      ['run.sh', 'top.txt', 'private', 'a.tar.gz'].map((name) => listed[name]),
      ['-rwxr-xr-x', '-rw-r--r--', '-rw-------', '-rw-r--r--'],
    );
  });

  for (const name of ['a.tgz', 'a.tar', 'a.tar.bz2', 'a.tar.xz', 'a.zip']) {
    it(`extracts ${name}`, async function () {
      if (!has(programOf(name))) this.skip();
      await launch(`x-${name}`, [{ value: `${base}/${name}` }], 'dir/run.sh');
      await finish(`x-${name}`);
      assert.equal(await tasks.read(`x-${name}`, 'top.txt'), 'top\n');
    });
  }

  it('unzips a lone file', async () => {
    await launch('gz', [{ value: `${base}/only.gz` }]);
    await finish('gz');
    assert.equal(await tasks.read('gz', 'only'), 'only\n');
    assert.ok((await log('gz')).includes("I fetcher.cpp:132] Extracted '$S/only.gz' into '$S'"));
  });

  it('takes what is told of a URI: not to extract, executable, its file', async () => {
    await launch(
      'told',
      [
        { value: `${base}/a.tar.gz`, extract: false },
        { value: `${base}/run.sh`, executable: true },
        { value: `${base}/plain.txt`, output_file: 'sub/dir/named' },
        { value: `${base}/plain.txt?token=a%20b&x=1` },
        { value: path.join(served, 'plain.txt'), output_file: 'local' },
        { value: `file://${path.join(served, 'run.sh')}` },
      ],
      './run.sh; ls; ls -l run.sh',
    );
    await finish('told');
    const listed = (await tasks.read('told', 'stdout')).split('\n');
    assert.deepEqual(listed.slice(0, -2), [
      'script ran',
      'a.tar.gz',
      'local',
      'plain.txt?token=a%20b&x=1',
      'run.sh',
      'stderr',
      'stdout',
      'sub',
    ]);
    assert.equal(await tasks.read('told', 'sub/dir/named'), 'plain\n');
    assert.equal(await tasks.read('told', 'local'), 'plain\n');
    assert.equal(requests.at(-1), 'GET /plain.txt?token=a%20b&x=1');
  });

  it('follows redirections, and keeps the name that was asked for', async () => {
    await launch('moved', [{ value: `${base}/moved` }]);
    await finish('moved');
    assert.equal(await tasks.read('moved', 'moved'), 'plain\n');
  });

  it('asks for a cached file once, whoever wants it', async () => {
    const value = `${base}/cached.tar.gz`;
    const from = requests.length;
    await launch('cache-1', [
      { value, cache: true },
      { value: `${base}/cached.txt`, cache: true, output_file: 'o' },
    ]);
    await finish('cache-1');
    assert.deepEqual(requests.slice(from), [
      'HEAD /cached.tar.gz',
      'HEAD /cached.txt',
      'GET /cached.tar.gz',
      'GET /cached.txt',
    ]);
    const lines = await log('cache-1');
    assert.ok(lines.includes(`I fetcher.cpp:618] Fetched '${value}' to '$S'`));
    assert.equal(await tasks.read('cache-1', 'o'), 'cached\n');

    await fs.writeFile(path.join(served, 'cached.txt'), 'changed');
    await launch('cache-2', [
      { value, cache: true },
      { value: `${base}/cached.txt`, cache: true },
    ]);
    await finish('cache-2');
    assert.equal(requests.length, from + 4, 'nothing more was asked for');
    assert.equal(await tasks.read('cache-2', 'cached.txt'), 'cached\n');
    const listed = Object.keys(modes(await tasks.read('cache-2', 'stdout')));
    assert.ok(
      listed.includes('top.txt') && !listed.includes('cached.tar.gz'),
      'the archive stays in the cache',
    );
    const info = (await log('cache-2'))[0]!;
    assert.match(info, /"action":"RETRIEVE_FROM_CACHE","cache_filename":"c\d+-cached\.tar\.gz"/);
  });

  it('fetches past the cache what has no length', async () => {
    await launch('nolen', [{ value: `${base}/nolen.bin`, cache: true }]);
    await finish('nolen');
    assert.match((await log('nolen'))[0]!, /"action":"BYPASS_CACHE"/);
  });

  describe('fails a task that asks for', () => {
    const cases: [what: string, uri: () => CommandUri, reason: RegExp][] = [
      [
        'a page that is missing',
        () => ({ value: `${base}/missing` }),
        /^Error downloading resource, received HTTP return code 404$/,
      ],
      [
        'a page that is missing, cached',
        () => ({ value: `${base}/missing`, cache: true }),
        /^Error downloading resource, received HTTP return code 404$/,
      ],
      [
        'a port where nobody is',
        () => ({ value: 'http://127.0.0.1:1/x' }),
        /^Error downloading resource: Couldn't connect to server$/,
      ],
      [
        'an answer that never comes',
        () => ({ value: `${base}/close` }),
        /^Error downloading resource: Server returned nothing \(no headers, no data\)$/,
      ],
      [
        'an answer that breaks off',
        () => ({ value: `${base}/short.bin` }),
        /^Error downloading resource: Transferred a partial file$/,
      ],
      [
        'an answer that stalls',
        () => ({ value: `${base}/stalls` }),
        /^Error downloading resource: Timeout was reached$/,
      ],
      [
        'a corrupt archive',
        () => ({ value: `${base}/bad.tar.gz` }),
        /^Failed to extract archive '.*bad\.tar\.gz' to '.*': Unrecognized archive format$/,
      ],
      [
        'a corrupt zip',
        () => ({ value: `${base}/bad.zip` }),
        /^Failed to extract archive '.*': Unrecognized archive format$/,
      ],
      [
        'an archive that leads out of the sandbox',
        () => ({ value: `${base}/escape.tar` }),
        /^Failed to extract archive '.*escape\.tar' to '.*': .*\.\./,
      ],
      [
        'a zip that leads out of the sandbox',
        () => ({ value: `${base}/escape.zip` }),
        /^Failed to extract archive '.*escape\.zip' to '.*': .*\.\./,
      ],
      [
        'a scheme that nobody knows',
        () => ({ value: 'foo://bar/baz' }),
        /^Failed to create HDFS client: Hadoop client is not available, exit status: 32512$/,
      ],
      ['a folder', () => ({ value: served }), /^`source` was a directory$/],
      ['a relative path', () => ({ value: 'local.txt' }), /^A relative path was passed for the resource/],
      ['nothing', () => ({ value: '' }), /^A relative path was passed for the resource/],
    ];
    for (const [index, [what, uri, reason]] of cases.entries()) {
      it(what, async function () {
        if (uri().value.endsWith('.zip') && !has('unzip')) this.skip();
        await launch(`fails-${index}`, [{ value: `${base}/plain.txt` }, uri()]);
        assert.match(await failure(`fails-${index}`), reason);
        assert.equal(await tasks.read(`fails-${index}`, 'plain.txt'), 'plain\n', 'what came before stays');
      });
    }

    it('a file outside of its sandbox', async () => {
      await launch('outside', [{ value: `${base}/plain.txt`, output_file: '../up.txt' }]);
      const status = await tasks.end('outside');
      assert.equal(
        status.message,
        'Failed to launch container: Could not fetch: URI output file must be within the sandbox directory',
      );
      assert.equal(await tasks.read('outside', 'stderr'), '');
    });
  });

  it('is ended with its task', async () => {
    await launch('killed', [{ value: `${base}/slow` }]);
    await until(() => requests.at(-1) === 'GET /slow');
    const [response] = [...hanging].slice(-1);
    await scheduler.call({ type: 'KILL', kill: { task_id: { value: 'killed' } } });
    const status = await tasks.end('killed');
    assert.deepEqual(
      [status.state, status.reason, status.message],
      ['TASK_KILLED', 'REASON_TASK_KILLED_DURING_LAUNCH', 'Killed before delivery to the executor'],
    );
    await until(() => response!.destroyed, { what: 'the end of the download' });
  });

  it("works as the task's user: what that may not read is not fetched, and all is the user's", async function () {
    if (!isRoot) this.skip();
    const secret = path.join(served, 'secret');
    await fs.writeFile(secret, 'secret', { mode: 0o600 });
    const asNobody = async (id: string, uris: CommandUri[]): Promise<void> =>
      tasks.launch(id, { value: 'ls -lanR .', uris, user: 'nobody' });
    await asNobody('nobody', [
      { value: `${base}/a.tar.gz` },
      { value: `${base}/run.sh`, executable: true, cache: true },
    ]);
    await asNobody('thief', [{ value: secret }]);
    await finish('nobody');
    const listed = await tasks.read('nobody', 'stdout');
    const uid = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
    for (const name of ['a.tar.gz', 'dir', 'run.sh', 'top.txt', 'stdout', 'stderr']) {
      assert.match(listed, new RegExp(`^\\S+ +\\d+ ${uid} .* ${name.replaceAll('.', '\\.')}$`, 'm'));
    }
    assert.match(await failure('thief'), /Permission denied/);
  });
});

/** What extracts such an archive: not every machine has all. */
function programOf(name: string): string {
  return { bz2: 'bzip2', xz: 'xz', zip: 'unzip' }[name.split('.').at(-1) ?? ''] ?? 'tar';
}

function has(program: string): boolean {
  return findProgram(program, process.env.PATH ?? '') !== undefined;
}

/** Archives of the same few files, as a runtime has them. */
async function makeArchives(folder: string): Promise<void> {
  const files = path.join(folder, 'files');
  await fs.mkdir(path.join(files, 'dir'), { recursive: true });
  const write = async (name: string, text: string, mode = 0o644): Promise<void> => {
    await fs.writeFile(path.join(files, name), text);
    await fs.chmod(path.join(files, name), mode);
  };
  await write('top.txt', 'top\n');
  await write('dir/run.sh', '#!/bin/sh\necho script ran\n', 0o755);
  await write('private', 'private\n', 0o600);
  await fs.symlink('../top.txt', path.join(files, 'dir', 'link'));
  await fs.link(path.join(files, 'top.txt'), path.join(files, 'hard.txt'));
  const make = (program: string, ...args: string[]): void => {
    execFileSync(program, args, { cwd: files, stdio: 'pipe' });
  };
  for (const [name, option] of [
    ['a.tar', ''],
    ['a.tar.gz', 'z'],
    ['a.tgz', 'z'],
    ['cached.tar.gz', 'z'],
    ['a.tar.bz2', 'j'],
    ['a.tar.xz', 'J'],
  ] as const) {
    if (has(programOf(name))) make('tar', `-c${option}f`, path.join(folder, name), '.');
  }
  const zip =
    'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1], "w"); [z.write(n, m) for n, m in zip(sys.argv[2::2], sys.argv[3::2])]';
  make('python3', '-c', zip, path.join(folder, 'a.zip'), 'top.txt', 'top.txt', 'dir/run.sh', 'dir/run.sh');
  make('python3', '-c', zip, path.join(folder, 'escape.zip'), 'top.txt', '../escaped');
  make('tar', '-cf', path.join(folder, 'escape.tar'), '-P', '--transform', 's,^,../,', 'top.txt');
  await fs.writeFile(path.join(folder, 'plain.txt'), 'plain\n');
  await fs.writeFile(path.join(folder, 'nolen.bin'), 'nolen\n');
  await fs.writeFile(path.join(folder, 'cached.txt'), 'cached\n');
  await fs.writeFile(path.join(folder, 'run.sh'), '#!/bin/sh\necho script ran\n');
  await fs.writeFile(path.join(folder, 'bad.tar.gz'), 'not an archive');
  await fs.writeFile(path.join(folder, 'bad.zip'), 'not an archive');
  execFileSync('sh', ['-c', 'echo only | gzip -c >"$1"', 'sh', path.join(folder, 'only.gz')]);
}
