import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { lineLogger } from '../../../../src/service/log.ts';
import { AgentAway } from '../../../../src/service/agentAway.ts';
import type { SandboxFiles } from '../../../../src/service/logs/agents.ts';
import type { KeptFile } from '../../../../src/service/logs/kept/format.ts';
import { Keeper } from '../../../../src/service/logs/kept/keeper.ts';
import { KeptStore, usualLimits } from '../../../../src/service/logs/kept/store.ts';
import { TaskFiles } from '../../../../src/service/logs/taskFiles.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { until } from '../../../support/until.ts';
import { attempt } from './fakeAgent.ts';

const key = { dag_id: 'd', run_id: 'r', task_id: 't', map_index: -1, try_number: 1 };
const airflow = 'logs/dag_id=d/run_id=r/task_id=t/attempt=1.log';

function kept(text: string, from = 0): KeptFile {
  const data = Buffer.from(text);
  return { data, from, size: from + data.length };
}

describe('logs that are kept', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const lines: string[] = [];
  const log = lineLogger((line) => lines.push(line));

  beforeEach(async () => {
    folder = await temporaryFolder('kept');
    lines.length = 0;
  });

  afterEach(async () => {
    await folder.remove();
  });

  const place = (): string => path.join(folder.path, 'kept');
  const store = (limits = {}): KeptStore => new KeptStore(place(), log, { ...usualLimits, ...limits });

  it('are found again, by another service too, and by nobody but their owner', async () => {
    const binary = { data: Buffer.from([0xff, 0x0a, 0x00]), from: 7, size: 10 };
    await store().put(
      'a.1',
      new Map([
        ['stdout', kept('größer\n')],
        ['x/y', binary],
      ]),
    );
    const again = store();
    assert.deepEqual(await again.find('a.1', 'stdout'), kept('größer\n'));
    assert.deepEqual(await again.find('a.1', 'x/y'), binary);
    assert.equal(await again.find('a.1', 'stderr'), undefined);
    assert.equal(await again.find('a.2', 'stdout'), undefined);
    const [name = ''] = await fs.readdir(place());
    assert.equal((await fs.stat(path.join(place(), name))).mode & 0o777, 0o600);
    assert.equal((await fs.stat(place())).mode & 0o777, 0o700);
  });

  it('make room for newer ones, the oldest first', async () => {
    const few = store({ count: 2 });
    for (const id of ['a.1', 'b.1', 'c.1']) await few.put(id, new Map([['stdout', kept(id)]]));
    assert.deepEqual([await few.has('a.1'), await few.has('b.1'), await few.has('c.1')], [false, true, true]);
    assert.equal((await fs.readdir(place())).length, 2);
    const small = store({ total: 1 });
    await small.put('d.1', new Map([['stdout', kept('d')]]));
    assert.deepEqual(await fs.readdir(place()), []);
  });

  it('go when they are old', async () => {
    await store().put('a.1', new Map([['stdout', kept('a')]]));
    const [name = ''] = await fs.readdir(place());
    await fs.utimes(path.join(place(), name), 1000, 1000);
    await store().put('b.1', new Map([['stdout', kept('b')]]));
    assert.deepEqual(await fs.readdir(place()), ['b.1.kept']);
  });

  it('are missing where their file is damaged, and what a crash left half-written goes', async () => {
    await store().put('a.1', new Map([['stdout', kept('a')]]));
    await fs.truncate(path.join(place(), 'a.1.kept'), 10);
    await fs.writeFile(path.join(place(), 'b.1.kept.abc.new'), 'x');
    assert.equal(await store().find('a.1', 'stdout'), undefined);
    assert.match(lines.join(''), /a\.1 cannot be read/);
    assert.deepEqual(await fs.readdir(place()), ['a.1.kept']);
  });

  describe('at the end of a task', () => {
    const files = new Map<string, Buffer>();
    // So many reads find it away.
    let awayFor = 0;
    let reads = 0;
    const agent: SandboxFiles = {
      read: (of, file, offset, length) => {
        reads += 1;
        if (reads <= awayFor) throw new AgentAway(of, true);
        const content = files.get(file);
        const data = content?.subarray(offset, offset + Math.min(length, 65_536));
        return Promise.resolve(content && data && { data, size: content.length });
      },
      list: () => Promise.resolve(undefined),
    };

    beforeEach(() => {
      files.clear();
      [awayFor, reads] = [0, 0];
    });

    function keeper(of: KeptStore): Keeper {
      return new Keeper({
        store: of,
        files: agent,
        find: (id) => ({ attempt: attempt({ mesos_task_id: id, ended: 1 }), key }),
        log,
        pauses: { settle: 1, trouble: 5 },
      });
    }

    it('are the last part of each file, and of small ones all', async () => {
      const long = Buffer.from('0123456789abcdef'.repeat(100_000));
      files.set('stdout', long).set(airflow, Buffer.from('{}\n')).set('stderr', Buffer.alloc(0));
      const of = store();
      const one = keeper(of);
      one.ended('a.1');
      await until(() => of.has('a.1'));
      await one.stop();
      const end = await of.find('a.1', 'stdout');
      assert.deepEqual(
        [end?.data.length, end?.from, end?.size],
        [1024 * 1024, 1_600_000 - 1024 * 1024, 1_600_000],
      );
      assert.ok(end?.data.equals(long.subarray(-1024 * 1024)));
      assert.deepEqual(await of.find('a.1', airflow), kept('{}\n'));
      assert.equal(await of.find('a.1', 'stderr'), undefined);
    });

    it('are asked for again where the agent was away', async () => {
      files.set('stdout', Buffer.from('x'));
      // It is tried a few times only: the agent is back for the third.
      awayFor = 2;
      const of = store();
      const one = keeper(of);
      one.ended('a.1');
      await until(() => of.has('a.1'));
      await one.stop();
      assert.ok(reads > 2, String(reads));
    });

    it('are not kept where the disk takes nothing, which is said once; later ones are', async () => {
      files.set('stdout', Buffer.from('x'));
      let isFull = true;
      const of = store();
      const put = of.put.bind(of);
      of.put = (id, what) =>
        isFull
          ? Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }))
          : put(id, what);
      const one = keeper(of);
      for (const id of ['a.1', 'b.1', 'c.1']) one.ended(id);
      // The last one's turn has come, too.
      await until(() => reads >= 3);
      isFull = false;
      one.ended('d.1');
      await until(() => of.has('d.1'));
      await one.stop();
      assert.equal(lines.filter((line) => line.includes('no space left')).length, 1);
      assert.ok(lines.some((line) => line.includes('kept again')));
    });

    it('are what Airflow shows where the sandbox is gone, with a word of what is missing', async () => {
      const of = store();
      await of.put('r1.1', new Map([[airflow, kept('rest of a line\nlast\n', 5000)]]));
      const parts: Buffer[] = [];
      const task = { attempt: attempt({ ended: 1 }), key };
      const { signal } = new AbortController();
      for await (const part of new TaskFiles(agent, of).content(task, airflow, signal)) parts.push(part);
      assert.equal(
        Buffer.concat(parts).toString(),
        '(Its sandbox is gone; the first 5015 bytes were not kept.)\nlast\n',
      );
    });
  });
});
