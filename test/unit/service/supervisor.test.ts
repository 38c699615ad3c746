import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { PartView } from '../../../src/api/people.ts';
import { identify, isAlive, startDetached } from '../../../src/host/processes.ts';
import { lineLogger } from '../../../src/service/log.ts';
import type { PartPlan } from '../../../src/service/parts/plan.ts';
import { Supervisor } from '../../../src/service/parts/supervisor.ts';
import { partMark } from '../../../src/service/parts/strays.ts';
import type { Pace } from '../../../src/service/parts/watch.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

const pace: Pace = {
  look: 20,
  checkStarting: 20,
  checkReady: 20,
  quickLife: 60_000,
  quickDeaths: 3,
  firstPause: 10,
  longestPause: 50,
  checksToFailed: 2,
  checksToRestart: 5,
};

/** Says that it is up by a file, and goes on until it is ended. */
const living =
  "require('fs').writeFileSync(process.argv[1], String(process.pid)); setInterval(() => {}, 1000)";

describe('watching over parts', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const open: Supervisor[] = [];
  const lines: string[] = [];

  beforeEach(async () => {
    folder = await temporaryFolder('parts');
  });

  afterEach(async () => {
    for (const supervisor of open.splice(0)) await supervisor.end();
    await folder.remove();
  });

  const sign = (name: string): string => path.join(folder.path, `${name}.up`);
  const partsFile = (): string => path.join(folder.path, 'parts.json');

  function plan(name: string, more: Partial<PartPlan> = {}): PartPlan {
    return {
      name,
      command: process.execPath,
      args: ['-e', living, sign(name)],
      env: { PATH: process.env.PATH ?? '' },
      cwd: folder.path,
      logFile: path.join(folder.path, `${name}.log`),
      dependsOn: [],
      stage: 0,
      check: async (life) => {
        const text = await fs.readFile(sign(name), 'utf8');
        if (text !== String(life.pid)) throw new Error('not up yet');
      },
      readyLimitMs: 10_000,
      graceMs: 2000,
      ...more,
    };
  }

  async function start(plans: PartPlan[], used: Pace = pace, clusterRoot = folder.path): Promise<Supervisor> {
    const supervisor = await Supervisor.open({
      plans,
      file: partsFile(),
      clusterRoot,
      log: lineLogger((line) => lines.push(line)),
      pace: used,
    });
    open.push(supervisor);
    supervisor.start();
    return supervisor;
  }

  function view(supervisor: Supervisor, name: string): PartView {
    const found = supervisor.views().find((one) => one.name === name);
    assert.ok(found);
    return found;
  }

  const ready = (supervisor: Supervisor, name: string): Promise<PartView> =>
    until(() => (view(supervisor, name).state === 'ready' ? view(supervisor, name) : undefined), {
      what: `${name} ready`,
    });

  async function recorded(): Promise<{ name: string; pid: number }[]> {
    const file = JSON.parse(await fs.readFile(partsFile(), 'utf8')) as {
      parts: { name: string; pid: number }[];
    };
    return file.parts;
  }

  it('starts parts behind those on which they depend, and tells what they wait for', async () => {
    let letGo = false;
    const first = plan('first', {
      check: () => (letGo ? Promise.resolve() : Promise.reject(new Error('warming up'))),
    });
    const supervisor = await start([first, plan('second', { dependsOn: ['first'] }), plan('beside')]);
    await ready(supervisor, 'beside');
    await until(() => view(supervisor, 'first').pid !== null, { what: 'the first process' });
    await until(() => view(supervisor, 'first').detail === 'warming up', {
      what: 'what the first part lacks',
    });
    assert.equal(view(supervisor, 'second').state, 'waiting');
    assert.equal(view(supervisor, 'second').detail, 'waits for first');
    letGo = true;
    await ready(supervisor, 'second');
    assert.deepEqual(
      supervisor.views().map((one) => one.name),
      ['first', 'second', 'beside'],
    );
  });

  it('writes down each process, in the order of the plan, private', async () => {
    const supervisor = await start([plan('one'), plan('two')]);
    const pids = [(await ready(supervisor, 'one')).pid, (await ready(supervisor, 'two')).pid];
    assert.deepEqual(
      (await recorded()).map((part) => part.pid),
      pids,
    );
    assert.equal((await fs.stat(partsFile())).mode & 0o777, 0o600);
  });

  it('starts a part again that dies, and counts', async () => {
    const supervisor = await start([plan('part')]);
    const { pid } = await ready(supervisor, 'part');
    process.kill(pid!, 'SIGKILL');
    const again = await until(() => {
      const now = view(supervisor, 'part');
      return now.state === 'ready' && now.pid !== pid ? now : undefined;
    });
    assert.equal(again.restarts, 1);
    assert.equal((await recorded())[0]?.pid, again.pid);
  });

  it('gives up a part that keeps dying, with the reason and its last words', async () => {
    const dying = plan('dying', { args: ['-e', "console.error('no such thing: ü'); process.exit(3)"] });
    const supervisor = await start([dying, plan('after', { dependsOn: ['dying'] })]);
    const failed = await until(() => {
      const now = view(supervisor, 'dying');
      return now.state === 'failed' ? now : undefined;
    });
    assert.match(failed.detail, /given up after 3 starts in a row/);
    assert.match(failed.detail, /no such thing: ü/);
    assert.equal(failed.pid, null);
    assert.equal(failed.restarts, 2);
    assert.deepEqual(await recorded(), []);
    await until(() => view(supervisor, 'after').detail.includes('which failed'));
    assert.equal(view(supervisor, 'after').state, 'waiting');
  });

  it('gives up a part whose program is not there', async () => {
    const supervisor = await start([plan('missing', { command: path.join(folder.path, 'nothing') })]);
    await until(() => view(supervisor, 'missing').state === 'failed');
    assert.match(view(supervisor, 'missing').detail, /ENOENT/);
  });

  it('waits on for a part that is late, and takes it as ready when it comes', async () => {
    let up = false;
    const late = plan('late', {
      readyLimitMs: 50,
      check: () => (up ? Promise.resolve() : Promise.reject(new Error('no answer yet'))),
    });
    const supervisor = await start([late]);
    await until(() => view(supervisor, 'late').state === 'failed');
    assert.match(view(supervisor, 'late').detail, /still waiting: no answer yet/);
    const { pid } = view(supervisor, 'late');
    up = true;
    assert.equal((await ready(supervisor, 'late')).pid, pid);
  });

  it('starts a part again that hangs', async () => {
    let hangs: number | null = null;
    const hanging = plan('hanging', {
      check: async ({ pid }) => {
        await fs.readFile(sign('hanging'), 'utf8');
        if (pid === hangs) throw new Error('silence');
      },
    });
    const supervisor = await start([hanging]);
    const { pid } = await ready(supervisor, 'hanging');
    const seen: string[] = [];
    supervisor.on('part', (now) => seen.push(`${now.state}: ${now.detail}`));
    hangs = pid;
    await until(
      () => view(supervisor, 'hanging').state === 'ready' && view(supervisor, 'hanging').pid !== pid,
    );
    assert.ok(seen.includes('failed: does not answer: silence'), seen.join('\n'));
    assert.equal(await identify(pid!), undefined);
  });

  it('does what a part needs before it is started, again where that failed', async () => {
    let tries = 0;
    const details: string[] = [];
    const prepared = plan('prepared', {
      prepare: async (report) => {
        tries += 1;
        report('migrating');
        await Promise.resolve();
        if (tries === 1) throw new Error('the database is locked');
      },
    });
    const supervisor = await Supervisor.open({
      plans: [prepared],
      file: partsFile(),
      clusterRoot: folder.path,
      log: lineLogger(() => undefined),
      pace,
    });
    open.push(supervisor);
    supervisor.on('part', (now) => details.push(now.detail));
    supervisor.start();
    await ready(supervisor, 'prepared');
    assert.equal(tries, 2);
    assert.ok(details.includes('migrating'));
    assert.ok(details.some((detail) => detail.includes('the database is locked')));
  });

  it('leaves parts to the next service, which adopts those that live and starts those that do not', async () => {
    const plans = [plan('kept'), plan('killed')];
    const before = await start(plans);
    const kept = await ready(before, 'kept');
    const killed = await ready(before, 'killed');
    await before.letGo();
    assert.ok(await identify(kept.pid!));
    process.kill(killed.pid!, 'SIGKILL');
    await until(async () => (await identify(killed.pid!)) === undefined);
    const after = await start(plans);
    assert.equal((await ready(after, 'kept')).pid, kept.pid);
    assert.notEqual((await ready(after, 'killed')).pid, killed.pid);
    assert.equal(view(after, 'kept').restarts, 0);
  });

  it('adopts what lives at once, whatever it depends on', async () => {
    const before = await start([plan('base'), plan('top', { dependsOn: ['base'] })]);
    const top = await ready(before, 'top');
    await before.letGo();
    const stuck = plan('base', { check: () => Promise.reject(new Error('not now')) });
    const after = await start([stuck, plan('top', { dependsOn: ['base'] })]);
    assert.equal((await ready(after, 'top')).pid, top.pid);
  });

  it('starts a part anew that is planned otherwise by now, and ends one that is not planned', async () => {
    const before = await start([plan('changed'), plan('gone')]);
    const changed = await ready(before, 'changed');
    const gone = await ready(before, 'gone');
    await before.letGo();
    const after = await start([plan('changed', { args: ['-e', living, sign('changed'), 'more'] })]);
    const now = await until(() => {
      const one = view(after, 'changed');
      return one.state === 'ready' && one.pid !== changed.pid ? one : undefined;
    });
    assert.ok(now.pid);
    assert.equal(await identify(changed.pid!), undefined);
    assert.equal(await identify(gone.pid!), undefined);
    assert.deepEqual(
      (await recorded()).map((part) => part.name),
      ['changed'],
    );
  });

  it('never takes a foreign process for its own', async () => {
    const foreign = await startDetached(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      env: {},
      cwd: folder.path,
      logFile: path.join(folder.path, 'foreign.log'),
    });
    try {
      const record = {
        name: 'part',
        pid: foreign.pid,
        started: 'another time',
        at: 1,
        plan: 'x',
        restarts: 0,
      };
      await fs.writeFile(partsFile(), JSON.stringify({ format: 1, parts: [record] }));
      const supervisor = await start([plan('part')]);
      assert.notEqual((await ready(supervisor, 'part')).pid, foreign.pid);
      await supervisor.end();
      assert.ok(await isAlive(foreign));
    } finally {
      process.kill(foreign.pid, 'SIGKILL');
    }
  });

  it('ends what a service left behind that was killed before it could write it down', async function () {
    if (process.platform !== 'linux') this.skip();
    const stray = await startDetached(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      env: { [partMark]: `${folder.path}:part` },
      cwd: folder.path,
      logFile: path.join(folder.path, 'stray.log'),
    });
    const supervisor = await start([plan('part')]);
    await ready(supervisor, 'part');
    assert.equal(await isAlive(stray), false);
  });

  it('ends all parts, later stages first, and forgets them', async () => {
    const supervisor = await start([
      plan('base'),
      plan('middle', { stage: 1 }),
      plan('top', { stage: 2 }),
      // One that does not heed SIGTERM.
      plan('deaf', {
        stage: 1,
        graceMs: 200,
        args: ['-e', `process.on('SIGTERM', () => {}); ${living}`, sign('deaf')],
      }),
    ]);
    const pids = await Promise.all(
      ['base', 'middle', 'top', 'deaf'].map(async (name) => (await ready(supervisor, name)).pid!),
    );
    const ended: string[] = [];
    supervisor.on('part', (now) => {
      if (now.state === 'stopped') ended.push(now.name);
    });
    await supervisor.end();
    assert.deepEqual(ended, ['top', 'middle', 'deaf', 'base']);
    for (const pid of pids) assert.equal(await identify(pid), undefined);
    await assert.rejects(fs.readFile(partsFile()), { code: 'ENOENT' });
  });

  it('ends parts that it was to adopt, and had not yet', async () => {
    const before = await start([plan('kept')], pace, path.join(folder.path, 'elsewhere'));
    const { pid } = await ready(before, 'kept');
    await before.letGo();
    open.splice(0);
    // By its mark it is not found: some programs write over what tells it.
    const after = await start([plan('kept')]);
    await after.end();
    assert.equal(await identify(pid!), undefined);
  });

  it('can be ended while parts are starting', async () => {
    const never = plan('never', { check: () => Promise.reject(new Error('no')) });
    const slow = plan('slow', {
      prepare: (_report, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('given up')));
        }),
    });
    const supervisor = await start([never, slow, plan('after', { dependsOn: ['never'] })]);
    const { pid } = await until(() =>
      view(supervisor, 'never').pid ? view(supervisor, 'never') : undefined,
    );
    await supervisor.end();
    assert.equal(await identify(pid!), undefined);
    assert.deepEqual(
      supervisor.views().map((one) => one.state),
      ['stopped', 'stopped', 'stopped'],
    );
  });

  it('puts a log aside that has grown too large', async () => {
    const file = path.join(folder.path, 'wordy.log');
    await fs.writeFile(file, 'x'.repeat(9 * 1024 * 1024));
    await ready(await start([plan('wordy')]), 'wordy');
    assert.ok((await fs.stat(file)).size < 1000);
    assert.equal((await fs.stat(`${file}.1`)).size, 9 * 1024 * 1024);
  });
});
