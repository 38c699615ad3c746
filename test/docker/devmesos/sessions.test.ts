import assert from 'node:assert/strict';
import { StringDecoder } from 'node:string_decoder';
import Docker from 'dockerode';
import { MesosHttpError } from '../../../src/mesos/errors.ts';
import { openNestedSession, type NestedSession } from '../../../src/mesos/nestedSession.ts';
import type { CommandInfo } from '../../../src/mesos/types.ts';
import { Parts } from '../../integration/devmesos/support/parts.ts';
import { RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { ensureBaseImages } from '../support/baseImages.ts';

const patient = { limitMs: 40_000 };

/** What a session writes, in whole characters, and when it has written all. */
class Written {
  stdout = '';
  stderr = '';
  readonly all: Promise<void>;

  constructor({ output }: NestedSession) {
    const decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };
    this.all = (async () => {
      for await (const { stream, data } of output) this[stream] += decoders[stream].write(data);
    })();
    this.all.catch(() => undefined);
  }
}

describe('dev agent: sessions in Docker containers', function () {
  this.timeout(90_000);
  const docker = new Docker();
  let parts: Parts;
  let scheduler: RawScheduler;
  let agent: { url: string; id: string };
  let image: string;
  let parent: string;

  before(async function () {
    this.timeout(600_000);
    image = (await ensureBaseImages(docker)).python;
    parts = await Parts.make();
    await parts.startMaster(0, '--allocation-interval', '100ms');
    agent = await parts.startAgent('agent-1', '--containerizers', 'docker,mesos');
    scheduler = await RawScheduler.subscribe(parts.masterUrl);
    scheduler.acknowledgeAll();
    parent = await running('parent');
  });

  after(async () => {
    scheduler.disconnect();
    await parts.remove();
    const label = [`mesos-airflow.agent-id=${agent.id}`];
    assert.deepEqual(await docker.listContainers({ all: true, filters: { label } }), []);
  });

  const used = new Set<string>();
  /** Starts a task as the user `daemon`, and gives its container's id. */
  async function running(id: string): Promise<string> {
    const offers = await until(
      () => {
        const open = scheduler.offers.filter((offer) => !used.has(offer.id.value));
        return open.length > 0 && open;
      },
      { ...patient, what: 'an offer' },
    );
    for (const offer of offers) used.add(offer.id.value);
    const command: CommandInfo = {
      value: 'exec sleep 1021',
      environment: { variables: [{ name: 'TICKET', value: 'of the task' }] },
    };
    const task = taskFor({ value: agent.id }, id, command, {
      container: {
        type: 'DOCKER',
        docker: { image, network: 'NONE', parameters: [{ key: 'user', value: 'daemon' }] },
      },
    });
    await scheduler.launch(offers, [task], 0);
    const { container_status: status } = await scheduler.update(id, 'TASK_RUNNING', patient.limitMs);
    return status?.container_id?.value ?? '';
  }

  const open = (
    command: CommandInfo,
    tty?: { rows: number; columns: number },
    container = parent,
  ): Promise<NestedSession> =>
    openNestedSession({ address: agent.url, parent: { value: container }, command, ...(tty ? { tty } : {}) });
  const shell = (value: string, more: Partial<CommandInfo> = {}): CommandInfo => ({ value, ...more });

  /** All commands of a container's processes, as its machine sees them. */
  async function commands(container: string): Promise<string> {
    const { Processes: rows } = (await docker
      .getContainer(`mesos-${container}`)
      .top({ ps_args: '-eo pid,args' })) as { Processes: string[][] };
    return rows.map((row) => row.join(' ')).join('\n');
  }

  it('run a command in the sandbox as the container has it, as its user, with its exit status', async () => {
    const variables = [{ name: 'GREETING', value: 'grüß "dich" $HOME' }];
    const session = await open(
      shell('pwd; whoami; echo "$GREETING" "$MESOS_SANDBOX" "[$TICKET]"; echo oh >&2; exit 3', {
        environment: { variables },
      }),
    );
    const written = new Written(session);
    await written.all;
    assert.equal(await session.status, 3 << 8);
    assert.equal(written.stdout, '/mnt/mesos/sandbox\ndaemon\ngrüß "dich" $HOME /mnt/mesos/sandbox []\n');
    assert.equal(written.stderr, 'oh\n');
  });

  it('take input to its end, and give large outputs whole', async () => {
    const session = await open({ shell: false, value: 'cat', arguments: ['cat'] });
    const written = new Written(session);
    const text = '🦀 Zürich\n'.repeat(100_000);
    const bytes = Buffer.from(text);
    const piece = 64 * 1024;
    for (let from = 0; from < bytes.length; from += piece)
      await session.write(bytes.subarray(from, from + piece));
    await session.endInput();
    await written.all;
    assert.equal(await session.status, 0);
    assert.ok(written.stdout === text, `${written.stdout.length} characters of ${text.length}`);
  });

  it('say where there is no such program', async () => {
    const session = await open({ shell: false, value: 'no-such-program', arguments: ['no-such-program'] });
    const written = new Written(session);
    await written.all;
    assert.equal(await session.status, 127 << 8);
    assert.match(written.stderr, /no-such-program: not found/);
  });

  it('have a terminal of the size that is asked for, which can be resized, with Ctrl-C', async () => {
    const session = await open({ shell: false, value: 'sh', arguments: ['sh'] }, { rows: 31, columns: 99 });
    const written = new Written(session);
    await session.write(Buffer.from('tty; stty size; [ -t 2 ] && echo "all $((6 * 7))"\n'));
    await until(() => /\/dev\/\S+\r\n31 99\r\nall 42\r\n/.test(written.stdout), {
      ...patient,
      what: 'the terminal',
    });
    await session.resize(50, 132);
    await until(
      async () => {
        await session.write(Buffer.from('stty size\n'));
        return written.stdout.includes('50 132\r\n');
      },
      { ...patient, everyMs: 200, what: 'the new size' },
    );
    await session.write(Buffer.from('echo "begun $((1 + 1))"; sleep 1022\n'));
    await until(() => written.stdout.includes('begun 2'), { ...patient, what: 'what is to be interrupted' });
    await until(
      async () => {
        await session.write(Buffer.from('\x03'));
        return written.stdout.includes('^C');
      },
      { ...patient, everyMs: 200, what: 'the interruption' },
    );
    // A late Ctrl-C would take what was typed with it.
    let over = false;
    void written.all.then(() => (over = true));
    await until(
      async () => {
        await session.write(Buffer.from('exit 3\n'));
        return over;
      },
      { ...patient, everyMs: 200, what: 'the end of the shell' },
    );
    assert.equal(await session.status, 3 << 8);
    assert.doesNotMatch(written.stdout, /^\d+\r\n/, 'nothing of ours is shown');
  });

  it('end where the client leaves, with all processes of theirs, and the task goes on', async () => {
    const session = await open(shell('trap "" TERM HUP; sleep 1023 & echo begun; wait'));
    const written = new Written(session);
    await until(() => written.stdout === 'begun\n', { ...patient, what: 'the command' });
    assert.match(await commands(parent), /sleep 1023/);
    session.close();
    await until(async () => !(await commands(parent)).includes('sleep 1023'), {
      ...patient,
      what: 'its end',
    });
    assert.match(await commands(parent), /sleep 1021/, 'the task');
  });

  it('end with the task', async () => {
    const container = await running('short');
    const session = await open(shell('echo begun; exec sleep 1024'), undefined, container);
    const written = new Written(session);
    await until(() => written.stdout === 'begun\n', { ...patient, what: 'the command' });
    await scheduler.call({
      type: 'KILL',
      kill: { task_id: { value: 'short' }, kill_policy: { grace_period: { nanoseconds: 0 } } },
    });
    await written.all;
    assert.equal(await session.status, 9, 'by SIGKILL');
    await assert.rejects(
      open(shell('true'), undefined, container),
      (error) => error instanceof MesosHttpError && /^Parent container \S+ does not exist$/.test(error.body),
    );
  });
});
