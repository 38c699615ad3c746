import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import type { Container, ContainerCreateOptions } from 'dockerode';
import { diskFree } from '../../../src/docker/disk.ts';
import { howItEnded } from '../../../src/docker/ended.ts';
import { findDocker, type DockerEngine } from '../../../src/docker/engine.ts';
import { putFiles, readFileIn } from '../../../src/docker/files.ts';
import { followLog, lastLogLines, type LogLine } from '../../../src/docker/logs.ts';
import { importSmallImage } from '../support/smallImage.ts';

describe('containers', () => {
  const never = new AbortController().signal;
  let engine: DockerEngine;
  let image: string;
  let made: Container[];

  before(async () => {
    engine = await findDocker({ env: process.env, signal: never });
    image = await importSmallImage(engine);
  });

  beforeEach(() => (made = []));

  afterEach(async () => {
    for (const container of made) await container.remove({ force: true, v: true });
  });

  after(async () => {
    await engine.docker.getImage(image).remove({ force: true });
  });

  async function create(command: string, more: ContainerCreateOptions = {}): Promise<Container> {
    const container = await engine.docker.createContainer({
      ...{
        Image: image,
        Cmd: ['sh', '-c', command],
        Labels: { 'mesos-airflow-test': 'containers' },
        ...more,
      },
    });
    made.push(container);
    return container;
  }

  describe('files', () => {
    it('go with owner and mode into the volume of a container that was never started', async () => {
      const volume = await engine.docker.createVolume({
        Name: `docker-test-${randomBytes(4).toString('hex')}`,
        Labels: { 'mesos-airflow-test': 'containers' },
      });
      try {
        const mounts = {
          HostConfig: { Mounts: [{ Type: 'volume', Source: volume.name, Target: '/data' }] },
        } satisfies ContainerCreateOptions;
        const container = await create(
          "stat -c '%a %u %g %n' /data/a /data/b /data/b/c; cat /data/b/c",
          mounts,
        );
        await putFiles(container, '/data', [
          { path: 'a', content: 'first\n', mode: 0o600, uid: 50000, gid: 0 },
          { path: 'b', folder: true, mode: 0o750, uid: 1, gid: 2 },
          { path: 'b/c', content: Buffer.from('schön\n'), mode: 0o640, uid: 3, gid: 4 },
        ]);
        assert.equal((await readFileIn(container, '/data/b/c'))?.toString(), 'schön\n');
        await container.start();
        await container.wait();
        assert.deepEqual(await lastLogLines(container, 10), [
          '600 50000 0 /data/a',
          '750 1 2 /data/b',
          '640 3 4 /data/b/c',
          'schön',
        ]);
        await container.remove();
        made = [];
      } finally {
        await engine.docker.getVolume(volume.name).remove();
      }
    });

    it('that are not there are undefined; a folder is no file', async () => {
      const container = await create('true');
      assert.equal(await readFileIn(container, '/no/such/file'), undefined);
      await assert.rejects(readFileIn(container, '/bin'), /\/bin in the container is a directory/);
    });

    it('larger than a chunk come whole', async () => {
      const container = await create('true');
      const content = randomBytes(3_000_000);
      await putFiles(container, '/tmp', [{ path: 'large', content, mode: 0o600, uid: 0, gid: 0 }]);
      assert.ok((await readFileIn(container, '/tmp/large'))?.equals(content));
    });

    it('cannot go where no folder is', async () => {
      const container = await create('true');
      const file = { path: 'a', content: '', mode: 0o600, uid: 0, gid: 0 };
      await assert.rejects(putFiles(container, '/no/such/folder', [file]), { statusCode: 404 });
    });
  });

  describe('logs', () => {
    for (const Tty of [false, true]) {
      it(`come in lines, ${Tty ? 'with' : 'without'} a terminal`, async () => {
        const container = await create('echo schön; echo bad >&2; cat /tmp/long; echo; echo end', {
          Tty,
        });
        await putFiles(container, '/tmp', [
          { path: 'long', content: 'ä'.repeat(20_000), mode: 0o644, uid: 0, gid: 0 },
        ]);
        await container.start();
        const lines: LogLine[] = [];
        for await (const line of followLog(container, { follow: true, signal: never })) lines.push(line);
        const texts = lines.map(({ text }) => text.replace('ä'.repeat(20_000), 'the long one'));
        assert.deepEqual([...texts].sort(), ['schön', 'bad', 'the long one', 'end'].sort());
        const bad = lines.find(({ text }) => text === 'bad');
        assert.equal(bad?.stream, Tty ? 'stdout' : 'stderr');
        assert.deepEqual(await lastLogLines(container, 1), ['end']);
      });
    }

    it('are followed until nobody wants them any more', async () => {
      const container = await create('echo begun; sleep 600');
      await container.start();
      const ended = new AbortController();
      const texts: string[] = [];
      for await (const { text } of followLog(container, { follow: true, signal: ended.signal })) {
        texts.push(text);
        ended.abort();
      }
      assert.deepEqual(texts, ['begun']);
    });

    it('have the last line, also without an end', async () => {
      const container = await create('echo first; echo; printf last');
      await container.start();
      await container.wait();
      assert.deepEqual(await lastLogLines(container, 2), ['', 'last']);
    });

    it('that look like JSON are text', async () => {
      const container = await create(`echo '{"a":1}'`, { Tty: true });
      await container.start();
      await container.wait();
      assert.deepEqual(await lastLogLines(container, 5), ['{"a":1}']);
    });

    it('of a container that is gone are none', async () => {
      const container = await create('echo x');
      await container.remove();
      made = [];
      assert.deepEqual(await lastLogLines(container, 5), []);
    });
  });

  describe('how they ended', () => {
    async function ending(container: Container): Promise<string> {
      const { HostConfig, State } = await container.inspect();
      return howItEnded(State, HostConfig.Memory);
    }

    it('by themselves, by a signal, for want of memory', async () => {
      const fine = await create('true');
      const failed = await create('exit 3');
      const greedy = await create('head -c 300000000 /dev/zero | tail -c 290000000 > /dev/null; exit $?', {
        HostConfig: { Memory: 16 * 2 ** 20, MemorySwap: 16 * 2 ** 20 },
      });
      const killed = await create('sleep 600');
      for (const container of [fine, failed, greedy, killed]) await container.start();
      await killed.kill({ signal: 'SIGUSR1' });
      await killed.kill({ signal: 'SIGKILL' });
      for (const container of [fine, failed, greedy, killed]) await container.wait();
      assert.equal(await ending(fine), 'ended by itself (exit status 0)');
      assert.equal(await ending(failed), 'failed (exit status 3)');
      assert.equal(await ending(greedy), 'was killed for want of memory (its limit is 16 MB)');
      assert.match(await ending(killed), /^was (killed \(SIGKILL\)|ended by SIGUSR1)$/);
    });

    it('because there is no such program', async () => {
      const container = await create('', { Cmd: ['/no/such/program'] });
      await assert.rejects(container.start());
      assert.match(
        await ending(container),
        /^could not run its command: there is no such program \(exit status 127\): .*no such file/,
      );
    });
  });

  it('have space on a disk that can be told on this machine', async function () {
    if (engine.info.hostname !== os.hostname()) this.skip();
    const free = await diskFree(engine);
    assert.ok(free !== undefined && free > 0);
    const elsewhere = { ...engine, endpoint: { ...engine.endpoint, local: false } };
    assert.equal(await diskFree(elsewhere), undefined);
  });
});
