import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import type { Id } from '../../../src/mesos/types.ts';
import { json, rawRequest, RawScheduler, taskFor, type RawAnswer } from '../../support/rawScheduler.ts';
import { Parts } from './support/parts.ts';

// The words are those of the recording (test/fixtures/mesos/agent_api.txt).
describe('dev agent: files and state', () => {
  let parts: Parts;
  let scheduler: RawScheduler;
  let agent: { url: string; id: string; workDir: string };
  let frameworkId: Id;
  let sandbox: string;
  let virtual: string;

  before(async () => {
    parts = await Parts.make();
    await parts.startMaster(0, '--allocation-interval', '100ms');
    agent = await parts.startAgent('agent-1', '--attributes', 'rack:r7');
    scheduler = await RawScheduler.subscribe(parts.masterUrl);
    scheduler.acknowledgeAll();
    frameworkId = await scheduler.id();
    const [offer] = await scheduler.offersOf(1);
    const script = [
      'echo out',
      'mkdir "Größe ✓"',
      'printf "a\\303\\244b" > "Größe ✓/ä.txt"',
      'head -c 100000 /dev/zero | tr "\\0" x > big',
      'mkfifo pipe',
      'ln -s /etc/passwd way-out',
      'ln -s nowhere dead',
      ': > empty',
      'chmod 640 empty',
      'echo ready',
      'sleep 3001',
    ].join('\n');
    await scheduler.launch([offer!], [taskFor(offer!.agent_id, 'files', { value: script })]);
    await scheduler.update('files', 'TASK_RUNNING');
    virtual = `/frameworks/${frameworkId.value}/executors/files/runs/latest`;
    const link = `${agent.workDir}/slaves/${agent.id}${virtual}`;
    sandbox = await fs.readlink(link);
    while ((await fs.readFile(`${sandbox}/stdout`, 'utf8')) !== 'out\nready\n');
  });

  after(async () => {
    scheduler.disconnect();
    await parts.remove();
  });

  const call = (body: object): Promise<RawAnswer> =>
    rawRequest(`${agent.url}/api/v1`, 'POST', json, JSON.stringify(body));
  const list = (path: string): Promise<RawAnswer> => call({ type: 'LIST_FILES', list_files: { path } });
  const readFile = (path: string, offset?: number, length?: number): Promise<RawAnswer> =>
    call({ type: 'READ_FILE', read_file: { path, offset, length } });
  const get = (endpoint: string, path: string, more = ''): Promise<RawAnswer> =>
    rawRequest(`${agent.url}/files/${endpoint}?path=${encodeURIComponent(path)}${more}`, 'GET');
  const shown = ['Größe ✓', 'big', 'empty', 'pipe', 'stderr', 'stdout'];

  it('lists a sandbox under both of its paths', async () => {
    for (const root of [sandbox, virtual]) {
      const answer = JSON.parse((await list(root)).body) as {
        list_files: { file_infos: Record<string, unknown>[] };
      };
      const infos = answer.list_files.file_infos;
      const paths = infos.map(({ path }) => path).filter((path) => !String(path).endsWith('way-out'));
      assert.deepEqual(paths.sort(), shown.map((name) => `${root}/${name}`).sort());
      const { mtime, uid, gid, ...rest } = infos.find(({ path }) => path === `${root}/empty`)!;
      assert.deepEqual(rest, { path: `${root}/empty`, nlink: 1, size: 0, mode: 0o100640 });
      assert.ok(Math.abs((mtime as { nanoseconds: number }).nanoseconds / 1e9 - Date.now() / 1000) < 100);
      assert.equal(typeof uid, 'string');
      assert.equal(typeof gid, 'string');
    }
    const browsed = JSON.parse((await get('browse', virtual)).body) as Record<string, unknown>[];
    const entry = browsed.find(({ path }) => path === `${virtual}/empty`)!;
    assert.deepEqual(Object.keys(entry), ['gid', 'mode', 'mtime', 'nlink', 'path', 'size', 'uid']);
    assert.equal(entry.mode, '-rw-r-----');
  });

  it('lists folders with non-ASCII names, and nothing of a file', async () => {
    const folder = `${virtual}/Größe ✓`;
    const browsed = JSON.parse((await get('browse', folder)).body) as { path: string; size: number }[];
    assert.deepEqual(
      browsed.map(({ path, size }) => [path, size]),
      [[`${folder}/ä.txt`, 4]],
    );
    assert.equal((await list(`${virtual}/stdout`)).body, '{"type":"LIST_FILES","list_files":{}}');
  });

  it('reads parts of a file, in base64', async () => {
    const stdout = `${virtual}/stdout`;
    const answer = (size: number, data: string): string =>
      JSON.stringify({ type: 'READ_FILE', read_file: { size, data: Buffer.from(data).toString('base64') } });
    assert.equal((await readFile(stdout, 0)).body, answer(10, 'out\nready\n'));
    assert.equal((await readFile(stdout, 1, 2)).body, answer(10, 'ut'));
    assert.equal((await readFile(stdout, 0, 0)).body, answer(10, ''));
    assert.equal((await readFile(stdout, 99)).body, answer(10, ''));
    const big = JSON.parse((await readFile(`${virtual}/big`, 10)).body) as { read_file: { data: string } };
    assert.equal(Buffer.from(big.read_file.data, 'base64').length, 65_536);
    const end = JSON.parse((await readFile(`${virtual}/big`, 65_546)).body) as {
      read_file: { data: string };
    };
    assert.equal(Buffer.from(end.read_file.data, 'base64').length, 100_000 - 65_546);
  });

  it('reads parts of a file, as text', async () => {
    const stdout = `${sandbox}/stdout`;
    const body = async (more: string): Promise<string> => (await get('read', stdout, more)).body;
    assert.equal(await body('&offset=0&length=3'), '{"data":"out","offset":0}');
    assert.equal(await body('&offset=0&length=-1'), '{"data":"out\\nready\\n","offset":0}');
    assert.equal(await body('&offset=-1'), '{"data":"","offset":10}');
    assert.equal(await body(''), '{"data":"","offset":10}');
    assert.equal(await body('&offset=0&jsonp=cb&length=1'), 'cb({"data":"o","offset":0})');
    const text = await get('read', `${virtual}/Größe ✓/ä.txt`, '&offset=0');
    assert.equal(text.body, '{"data":"aäb","offset":0}');
  });

  const refusals: [what: string, ask: () => Promise<RawAnswer>, status: number, body: () => string][] = [
    ['a folder', () => readFile(sandbox, 0), 400, () => 'Cannot read a directory.\n'],
    ['a folder', () => get('read', sandbox, '&offset=0'), 400, () => 'Cannot read a directory.\n'],
    ['a folder', () => get('download', sandbox), 400, () => 'Cannot download a directory.\n'],
    ['what is not there', () => readFile(`${sandbox}/none`, 0), 404, () => ''],
    ['what is not there', () => get('browse', '/nope'), 404, () => ''],
    ['what is no sandbox', () => get('browse', '/etc'), 404, () => ''],
    ['what is no sandbox', () => get('read', '/etc/passwd', '&offset=0'), 404, () => ''],
    ['`..`', () => list(`${sandbox}/..`), 400, () => `'${sandbox}/..' is inaccessible.\n`],
    [
      'many `..`',
      () => get('download', `${virtual}/../../../../../../../../../etc/passwd`),
      400,
      () => `'${virtual}/../../../../../../../../../etc/passwd' is inaccessible.\n`,
    ],
    [
      'a link that leads outside',
      () => readFile(`${virtual}/way-out`, 0),
      400,
      () => `'${virtual}/way-out' is inaccessible.\n`,
    ],
    [
      'a run by its id, in the short form',
      () => list(virtual.replace('latest', sandbox.split('/').at(-1)!)),
      404,
      () => '',
    ],
    [
      'no path',
      () => rawRequest(`${agent.url}/files/read`, 'GET'),
      400,
      () => "Expecting 'path=value' in query.\n",
    ],
    [
      'an offset of -5',
      () => get('read', `${sandbox}/stdout`, '&offset=-5'),
      400,
      () => 'Negative offset provided: -5.\n',
    ],
    [
      'an offset of x',
      () => get('read', `${sandbox}/stdout`, '&offset=x'),
      400,
      () => "Failed to parse offset: Failed to convert 'x' to number.\n",
    ],
    [
      'a pipe',
      () => get('read', `${sandbox}/pipe`, '&offset=0'),
      400,
      () => `Failed to open file at '${sandbox}/pipe': not a regular file\n`,
    ],
  ];
  for (const [what, ask, status, body] of refusals) {
    it(`refuses ${what}`, async () => {
      const answer = await ask();
      assert.deepEqual([answer.status, answer.body], [status, body()]);
      assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
    });
  }

  it('wants an offset for READ_FILE', async () => {
    const answer = await readFile(`${sandbox}/stdout`);
    assert.equal(answer.status, 400);
    assert.match(answer.body, /Missing required fields: read_file\.offset$/);
  });

  it('downloads files', async () => {
    const stdout = await get('download', `${sandbox}/stdout`);
    assert.deepEqual(
      [stdout.headers['content-disposition'], stdout.headers['content-type'], stdout.body],
      ['attachment; filename=stdout', 'application/octet-stream', 'out\nready\n'],
    );
    const big = await get('download', `${sandbox}/big`);
    assert.deepEqual([big.body.length, big.headers['content-length']], [100_000, '100000']);
    const text = await get('download', `${virtual}/Größe ✓/ä.txt`);
    assert.deepEqual([text.body, text.headers['content-type']], ['aäb', 'text/plain']);
    assert.equal((await get('download', `${sandbox}/empty`)).body, '');
  });

  it('tells its state as tools read it', async () => {
    const state = JSON.parse((await rawRequest(`${agent.url}/slave(1)/state`, 'GET')).body) as {
      id: string;
      attributes: object;
      resources: object;
      frameworks: { executors: { directory: string; tasks: { state: string }[] }[] }[];
    };
    assert.equal(state.id, agent.id);
    assert.deepEqual(state.attributes, { rack: 'r7' });
    const [executor] = state.frameworks[0]!.executors;
    assert.equal(executor?.directory, sandbox);
    assert.equal(executor.tasks.at(0)?.state, 'TASK_RUNNING');
    const tasks = JSON.parse((await call({ type: 'GET_TASKS' })).body) as {
      get_tasks: Record<string, { task_id: Id }[]>;
    };
    assert.deepEqual(
      Object.entries(tasks.get_tasks).map(([name, list]) => [name, list.length]),
      [
        ['pending_tasks', 0],
        ['queued_tasks', 0],
        ['launched_tasks', 1],
        ['terminated_tasks', 0],
        ['completed_tasks', 0],
      ],
    );
    const containers = JSON.parse((await call({ type: 'GET_CONTAINERS' })).body) as {
      get_containers: { containers: { container_id: Id }[] };
    };
    assert.equal(containers.get_containers.containers[0]?.container_id.value, sandbox.split('/').at(-1));
    assert.equal((await rawRequest(`${agent.url}/health`, 'GET')).status, 200);
    assert.equal(
      (await call({ type: 'GET_HEALTH' })).body,
      '{"type":"GET_HEALTH","get_health":{"healthy":true}}',
    );
    assert.match((await rawRequest(`${agent.url}/version`, 'GET')).body, /"version":"1\.11\.0"/);
  });

  it('does not tell what a task’s command holds', async () => {
    for (const type of ['GET_STATE', 'GET_TASKS', 'GET_CONTAINERS', 'GET_FRAMEWORKS']) {
      assert.ok(!(await call({ type })).body.includes('sleep 3001'), type);
    }
    assert.ok(!(await rawRequest(`${agent.url}/state`, 'GET')).body.includes('sleep 3001'));
    assert.ok(!(await rawRequest(`${parts.masterUrl}/state`, 'GET')).body.includes('sleep 3001'));
  });
});
