import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { encodeRecord, RecordDecoder } from '../../../src/mesos/recordio.ts';
import type { ContainerId } from '../../../src/mesos/types.ts';
import { json, rawRequest, RawScheduler, taskFor, type RawAnswer } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { Parts } from './support/parts.ts';

interface ProcessIo {
  readonly type: string;
  readonly data?: { readonly type: string; readonly data: string };
}

/** An answer that is a stream of records. */
class Output {
  readonly headers: http.IncomingHttpHeaders;
  readonly #response: http.IncomingMessage;
  readonly ended: Promise<unknown>;
  text = '';

  constructor(response: http.IncomingMessage) {
    this.#response = response;
    this.headers = response.headers;
    const decoder = new RecordDecoder((record) => {
      const { data } = JSON.parse(record.toString()) as ProcessIo;
      this.text += Buffer.from(data?.data ?? '', 'base64').toString('latin1');
    });
    response.on('data', (chunk: Buffer) => decoder.push(chunk));
    this.ended = once(response, 'close');
  }

  close(): void {
    this.#response.destroy();
  }
}

// The words are those of the recording (test/fixtures/mesos/agent_api.txt), or of Mesos' sources.
describe('dev agent: nested containers', function () {
  this.timeout(60_000);
  let parts: Parts;
  let scheduler: RawScheduler;
  let agent: { url: string; id: string; workDir: string };
  let parent: ContainerId;
  let sandbox: string;
  let count = 0;

  before(async () => {
    parts = await Parts.make();
    await fs.copyFile('cluster/mesos/terminal.py', path.join(parts.folder, 'terminal.py'));
    await parts.startMaster(0, '--allocation-interval', '100ms');
    agent = await parts.startAgent('agent-1');
    scheduler = await RawScheduler.subscribe(parts.masterUrl);
    scheduler.acknowledgeAll();
    const environment = { variables: [{ name: 'TICKET', value: 'of-the-task' }] };
    const [offer] = await scheduler.offersOf(1);
    const task = taskFor(offer!.agent_id, 'hc', { value: 'exec sleep 3101', environment });
    await scheduler.launch([offer!], [task]);
    const { container_status: status } = await scheduler.update('hc', 'TASK_RUNNING');
    parent = { value: status?.container_id?.value ?? '' };
    const { value: framework } = await scheduler.id();
    sandbox = await fs.realpath(
      path.join(agent.workDir, 'slaves', agent.id, `frameworks/${framework}/executors/hc/runs/latest`),
    );
  });

  after(async () => {
    scheduler.disconnect();
    await parts.remove();
  });

  const call = (body: object): Promise<RawAnswer> =>
    rawRequest(`${agent.url}/api/v1`, 'POST', json, JSON.stringify(body));
  const about = (type: string, container_id: ContainerId, more: object = {}): Promise<RawAnswer> =>
    call({ type, [type.toLowerCase()]: { container_id, ...more } });
  const shell = (value: string): object => ({ command: { value } });
  const nested = (value = `n${(count += 1)}`): ContainerId => ({ value, parent });
  const told = ({ status, body }: RawAnswer): [number, string] => [status, body];
  const terminal = { container: { type: 'MESOS', tty_info: { window_size: { rows: 30, columns: 90 } } } };

  async function stream(body: object, headers: Record<string, string> = json): Promise<Output> {
    const request = http.request(`${agent.url}/api/v1`, { method: 'POST', headers, agent: false });
    request.end(JSON.stringify(body));
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    assert.equal(response.statusCode, 200);
    return new Output(response);
  }
  const session = (id: ContainerId, value: string, headers?: Record<string, string>): Promise<Output> =>
    stream(
      {
        type: 'LAUNCH_NESTED_CONTAINER_SESSION',
        launch_nested_container_session: { container_id: id, ...shell(value) },
      },
      headers,
    );

  /** The input of a container: writes calls, and gives the answer at the end. */
  function input(id: ContainerId): {
    send(io: object): void;
    end(): void;
    answer: Promise<[number, string]>;
  } {
    const headers = { 'Content-Type': 'application/recordio', 'Message-Content-Type': 'application/json' };
    const request = http.request(`${agent.url}/api/v1`, { method: 'POST', headers, agent: false });
    const write = (attach_container_input: object): void => {
      const record = { type: 'ATTACH_CONTAINER_INPUT', attach_container_input };
      request.write(encodeRecord(JSON.stringify(record)));
    };
    write({ type: 'CONTAINER_ID', container_id: id });
    const answer = (async (): Promise<[number, string]> => {
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      let body = '';
      for await (const chunk of response) body += String(chunk);
      return [response.statusCode ?? 0, body];
    })();
    return {
      send: (process_io) => write({ type: 'PROCESS_IO', process_io }),
      end: () => request.end(),
      answer,
    };
  }
  const typed = (text: string): object => ({
    type: 'DATA',
    data: { type: 'STDIN', data: Buffer.from(text).toString('base64') },
  });

  it('run in a sandbox of their own, and tell their raw wait status', async () => {
    const id = nested();
    const launched = await about(
      'LAUNCH_NESTED_CONTAINER',
      id,
      shell('pwd; echo "[$TICKET]"; echo e >&2; exit 4'),
    );
    assert.deepEqual(told(launched), [200, '']);
    for (const type of ['WAIT_CONTAINER', 'WAIT_NESTED_CONTAINER']) {
      const { body } = await about(type, id);
      assert.deepEqual(JSON.parse(body), { type, [type.toLowerCase()]: { exit_status: 1024 } });
    }
    const own = path.join(sandbox, 'containers', id.value);
    assert.equal(await fs.readFile(path.join(own, 'stdout'), 'utf8'), `${own}\n[]\n`);
    assert.equal(await fs.readFile(path.join(own, 'stderr'), 'utf8'), 'e\n');
    const { body } = await call({ type: 'LIST_FILES', list_files: { path: own } });
    assert.match(body, /stdout/);
    assert.deepEqual(told(await about('REMOVE_CONTAINER', id)), [200, '']);
    await assert.rejects(fs.stat(own), { code: 'ENOENT' });
    assert.deepEqual(told(await about('WAIT_CONTAINER', id)), [
      404,
      `Container ${parent.value}.${id.value} cannot be found`,
    ]);
  });

  it('are shown where they are asked for, told from their parent, and ended by a signal', async () => {
    const id = nested();
    const trap = 'trap "exit 7" USR1; echo ready; while :; do sleep 0.1; done';
    await about('LAUNCH_NESTED_CONTAINER', id, shell(trap));
    const own = path.join(sandbox, 'containers', id.value);
    await until(async () => (await fs.readFile(path.join(own, 'stdout'), 'utf8')) === 'ready\n');
    assert.deepEqual(told(await about('LAUNCH_NESTED_CONTAINER', id, shell('true'))), [202, '']);
    const show = async (more: object): Promise<Record<string, unknown>[]> => {
      const { body } = await call({ type: 'GET_CONTAINERS', ...more });
      return (JSON.parse(body) as { get_containers: { containers: Record<string, unknown>[] } })
        .get_containers.containers;
    };
    assert.equal((await show({})).length, 1);
    const [outer, inner] = await show({ get_containers: { show_nested: true } });
    assert.deepEqual(Object.keys(outer!), [
      'framework_id',
      'executor_id',
      'executor_name',
      'container_id',
      'container_status',
    ]);
    const { executor_pid: pid } = inner!.container_status as { executor_pid: number };
    assert.deepEqual(inner, {
      container_id: { value: id.value },
      container_status: { container_id: id, executor_pid: pid },
    });
    assert.deepEqual(told(await about('REMOVE_NESTED_CONTAINER', id)), [
      500,
      'Nested container has not terminated yet',
    ]);
    assert.deepEqual(told(await about('KILL_NESTED_CONTAINER', id, { signal: 10 })), [200, '']);
    assert.match((await about('WAIT_NESTED_CONTAINER', id)).body, /"exit_status":1792\b/);
    assert.deepEqual(told(await about('KILL_CONTAINER', id)), [
      404,
      `Container '${parent.value}.${id.value}' cannot be found (or is already killed)`,
    ]);
  });

  it('are killed with all that they started, and with the one that they are nested in', async () => {
    const outer = nested();
    const inner = { value: 'inner', parent: outer };
    await about('LAUNCH_NESTED_CONTAINER', outer, shell('sleep 3102 & wait'));
    assert.equal((await about('LAUNCH_NESTED_CONTAINER', inner, shell('pwd; exec sleep 3103'))).status, 200);
    const waiting = [about('WAIT_NESTED_CONTAINER', outer), about('WAIT_NESTED_CONTAINER', inner)];
    const folder = path.join(sandbox, 'containers', outer.value, 'containers', 'inner');
    await until(async () => (await fs.readFile(path.join(folder, 'stdout'), 'utf8')) === `${folder}\n`);
    await about('KILL_NESTED_CONTAINER', outer);
    for (const { body } of await Promise.all(waiting)) assert.match(body, /"exit_status":9\b/);
  });

  it('are refused in the words of Mesos', async () => {
    const stranger = { value: 'n', parent: { value: 'zz' } };
    const invalid = 'Failed to validate agent::Call: ';
    const cases: [RawAnswer, number, string][] = [
      [
        await about('LAUNCH_NESTED_CONTAINER', stranger, shell('true')),
        400,
        'Parent container zz does not exist',
      ],
      [await about('LAUNCH_CONTAINER', stranger, shell('true')), 400, 'Parent container zz does not exist'],
      [await about('LAUNCH_CONTAINER', { value: 'alone' }, shell('true')), 501, '501 Not Implemented.'],
      [
        await about('LAUNCH_NESTED_CONTAINER', { value: 'n' }),
        400,
        `${invalid}Expecting 'launch_nested_container.container_id.parent' to be present`,
      ],
      [
        await about('WAIT_CONTAINER', { value: 'a.b' }),
        400,
        `${invalid}'wait_container.container_id' is invalid: 'ContainerID.value' 'a.b' contains invalid characters`,
      ],
      [
        await about('KILL_CONTAINER', { value: 'a', parent: { value: '../b' } }),
        400,
        `${invalid}'kill_container.container_id' is invalid: 'ContainerID.parent' is invalid: '../b' contains invalid characters`,
      ],
      [
        await about('LAUNCH_NESTED_CONTAINER', nested(), {
          container: { type: 'DOCKER', docker: { image: 'x' } },
        }),
        400,
        'The provided ContainerInfo is not supported',
      ],
      [
        await about('ATTACH_CONTAINER_OUTPUT', parent),
        500,
        'I/O switchboard server was disabled for this container',
      ],
      [await about('ATTACH_CONTAINER_OUTPUT', { value: 'zz' }), 404, 'Container zz cannot be found'],
      [
        await about('KILL_CONTAINER', { value: 'zz' }),
        404,
        "Container 'zz' cannot be found (or is already killed)",
      ],
      [await about('REMOVE_CONTAINER', stranger), 500, 'Unknown root container'],
      [
        await call({ type: 'ATTACH_CONTAINER_INPUT', attach_container_input: { type: 'PROCESS_IO' } }),
        415,
        "Expecting 'Content-Type' to be application/recordio for ATTACH_CONTAINER_INPUT call",
      ],
      [
        await call({ type: 'READ_FILE', read_file: { path: '/x' } }),
        400,
        'Missing required fields: read_file.offset',
      ],
    ];
    for (const [answer, status, body] of cases) assert.deepEqual(told(answer), [status, body]);
    assert.deepEqual(await input(parent).answer, [
      500,
      'I/O switchboard server was disabled for this container',
    ]);
    assert.deepEqual(await input({ value: 'zz' }).answer, [404, 'Container zz cannot be found']);
  });

  it('have their session read by several, who can leave, with one at its input', async () => {
    const id = nested();
    const recordio = { ...json, Accept: 'application/recordio', 'Message-Accept': 'application/json' };
    const owner = await session(
      id,
      'env; read -r line; echo "first $line"; read -r line; echo "got $line"; exit 7',
      recordio,
    );
    assert.deepEqual(
      [owner.headers['content-type'], owner.headers['message-content-type']],
      ['application/recordio', 'application/json'],
    );
    await until(() => owner.text.includes('PWD='), { what: 'the first output' });
    assert.ok(owner.text.includes(`MESOS_SANDBOX=${sandbox}\n`), owner.text);
    assert.match(owner.text, /^MESOS_EXECUTOR_ID=hc$/m);
    assert.doesNotMatch(owner.text, /TICKET/);
    const attach = { type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: { container_id: id } };
    const [second, third] = [await stream(attach), await stream(attach)];
    third.close();
    const writer = input(id);
    writer.send(typed('x\n'));
    await until(() => owner.text.endsWith('first x\n'), { what: 'the input' });
    const another = input(id);
    another.end();
    assert.deepEqual(await another.answer, [409, 'Multiple input connections are not allowed']);
    const waiting = about('WAIT_NESTED_CONTAINER', id);
    writer.send(typed('y\n'));
    await Promise.all([owner.ended, second.ended]);
    assert.ok(owner.text.endsWith('got y\n'), owner.text);
    assert.equal(second.text, 'first x\ngot y\n');
    assert.match((await waiting).body, /"exit_status":1792\b/);
    writer.end();
    assert.deepEqual(await writer.answer, [200, '']);
  });

  it('with a terminal can be attached to, are resized, and keep what they show', async () => {
    const id = nested();
    const more = { ...terminal, command: { shell: false, value: 'sh', arguments: ['sh'] } };
    assert.equal((await about('LAUNCH_NESTED_CONTAINER', id, more)).status, 200);
    const reader = await stream({
      type: 'ATTACH_CONTAINER_OUTPUT',
      attach_container_output: { container_id: id },
    });
    const writer = input(id);
    writer.send(typed('stty size\n'));
    await until(() => reader.text.includes('30 90\r\n'), { what: 'the size' });
    writer.send({
      type: 'CONTROL',
      control: { type: 'TTY_INFO', tty_info: { window_size: { rows: 5, columns: 6 } } },
    });
    await until(
      () => {
        writer.send(typed('stty size\n'));
        return reader.text.includes('5 6\r\n');
      },
      { everyMs: 100, what: 'the new size' },
    );
    reader.close();
    const waiting = about('WAIT_NESTED_CONTAINER', id);
    writer.send(typed('exit 2\n'));
    assert.match((await waiting).body, /"exit_status":512\b/);
    writer.end();
    const kept = await fs.readFile(path.join(sandbox, 'containers', id.value, 'stdout'), 'utf8');
    assert.match(kept, /30 90\r\n/);
  });

  it('are not led out of the sandbox by a link that the task puts there', async () => {
    const id = { value: 'n', parent };
    await fs.rename(path.join(sandbox, 'containers'), path.join(sandbox, 'kept'));
    await fs.symlink('/tmp', path.join(sandbox, 'containers'));
    try {
      const { status, body } = await about('LAUNCH_NESTED_CONTAINER', id, shell('true'));
      assert.equal(status, 400);
      assert.match(body, /is not a folder of this sandbox/);
    } finally {
      await fs.rm(path.join(sandbox, 'containers'));
      await fs.rename(path.join(sandbox, 'kept'), path.join(sandbox, 'containers'));
    }
  });

  it('end with the task, whose own container is waited for, too', async () => {
    const id = nested();
    await about('LAUNCH_NESTED_CONTAINER', id, shell('exec sleep 3104'));
    const waiting = [about('WAIT_NESTED_CONTAINER', id), about('WAIT_CONTAINER', parent)];
    await scheduler.call({ type: 'KILL', kill: { task_id: { value: 'hc' } } });
    const [inner, outer] = await Promise.all(waiting);
    // By the kill, which goes to all in the sandbox, or by the end of the task.
    assert.match(inner!.body, /"exit_status":(9|15)\b/);
    assert.match(outer!.body, /"exit_status":0\b/);
    await scheduler.update('hc', 'TASK_KILLED');
    const gone = await about('LAUNCH_NESTED_CONTAINER', nested(), shell('true'));
    assert.deepEqual(told(gone), [400, `Parent container ${parent.value} does not exist`]);
  });
});
