import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Store, openStore, prepare } from '../../../src/framework/store.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { settle } from './fakeClock.ts';
import { World, deployment, newRequest } from './world.ts';

describe('The store', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let file: string;
  beforeEach(async () => {
    folder = await temporaryFolder('store');
    file = path.join(folder.path, 'store.sqlite');
  });
  afterEach(() => folder.remove());

  it('is readable by its owner alone, and so are the files beside it', async () => {
    const store = openStore(file, randomUUID);
    store.transaction(() => store.setFrameworkId('f'));
    for (const name of await fs.readdir(folder.path)) {
      const { mode } = await fs.stat(path.join(folder.path, name));
      assert.equal(mode & 0o777, 0o600, name);
    }
    store.close();
  });

  it('keeps its epoch and the framework id', () => {
    const store = openStore(file, () => 'first');
    store.transaction(() => store.setFrameworkId('f-1'));
    store.close();
    const again = openStore(file, () => 'second');
    assert.equal(again.epoch, 'first');
    assert.equal(again.frameworkId, 'f-1');
    again.close();
  });

  it('refuses a file of a newer version, and one that is no store, without touching it', async () => {
    openStore(file, randomUUID).close();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    assert.throws(() => openStore(file, randomUUID), { name: 'StoreUnusable', file });
    const other = path.join(folder.path, 'letter.txt');
    await fs.writeFile(other, 'Dear Ada, this is no database, but it is long enough to look at. '.repeat(20));
    assert.throws(() => openStore(other, randomUUID), { name: 'StoreUnusable' });
    assert.match(await fs.readFile(other, 'utf8'), /^Dear Ada/);
  });

  it('writes all of a transaction or nothing', () => {
    const store = openStore(file, randomUUID);
    assert.throws(() =>
      store.transaction(() => {
        store.setFrameworkId('f');
        throw new Error('halfway');
      }),
    );
    assert.equal(store.frameworkId, null);
    store.transaction(() => store.setFrameworkId('g'));
    assert.equal(store.frameworkId, 'g');
    store.close();
  });
});

describe('A full disk', () => {
  let world: World;
  let db: DatabaseSync;
  const full = (isFull: boolean) => {
    const pages = isFull ? 1 : 1_000_000;
    db.exec(`PRAGMA max_page_count = ${pages}`);
  };
  // Longer than what is left on the last pages.
  const long = 'x'.repeat(20_000);

  beforeEach(async () => {
    world = await World.make({
      open: (file) => {
        db = new DatabaseSync(file);
        return new Store(db, prepare(db, file, randomUUID));
      },
    });
    world.master.addAgent('agent-1', { cpus: 4, mem: 4096 });
    await world.start();
  });
  afterEach(() => world.remove());

  it('refuses a submit, says why, and takes it later', async () => {
    full(true);
    const request = newRequest('work', { workload: { long } });
    await assert.rejects(world.framework.submit(deployment, [request]), {
      name: 'StoreUnavailable',
      code: 'SQLITE_FULL',
    });
    assert.equal(world.framework.task(request.id), null);
    assert.match(world.framework.status().problem ?? '', /SQLITE_FULL/);
    full(false);
    await world.submit(request);
    assert.equal(world.framework.status().problem, null);
    await world.offer();
    assert.equal(world.state(request.id), 'launched');
  });

  it('launches nothing, and declines what is offered', async () => {
    const requests = Array.from({ length: 4 }, (_, index) => newRequest(`${long}${index}`));
    await world.submit(...requests);
    full(true);
    await world.offer();
    assert.equal(world.master.accepts.length, 0);
    assert.match(world.framework.offers().offers[0]?.why ?? '', /store cannot be written/);
    assert.equal(world.state(requests[0]?.id ?? ''), 'queued');
    full(false);
    await world.offer();
    assert.equal(world.master.accepts[0]?.tasks.length, 4);
  });

  it('acknowledges no update before it is stored, and stores it when it can', async () => {
    const request = newRequest('work');
    await world.submit(request);
    await world.offer();
    full(true);
    world.master.report(`${request.id}.1`, 'TASK_FAILED', { message: long });
    await settle();
    assert.equal(world.state(request.id), 'launched');
    assert.deepEqual(world.master.acknowledged, []);
    assert.match(world.framework.status().problem ?? '', /SQLITE_FULL/);
    await world.clock.advance(10_000);
    assert.deepEqual(world.master.acknowledged, []);
    full(false);
    await world.clock.advance(30_000);
    assert.equal(world.state(request.id), 'failed');
    assert.equal(world.master.acknowledged.length, 1);
    assert.deepEqual(world.told(request.id), ['launched', 'failed']);
  });

  it('does not launch before the framework id is stored', async () => {
    await world.remove();
    let fail = true;
    class Failing extends Store {
      override setFrameworkId(id: string | null): void {
        if (fail) db.exec('PRAGMA max_page_count = 1; CREATE TABLE another (x)');
        super.setFrameworkId(id);
      }
    }
    world = await World.make({
      open: (file) => {
        db = new DatabaseSync(file);
        return new Failing(db, prepare(db, file, randomUUID));
      },
    });
    world.master.addAgent('agent-1', { cpus: 4, mem: 4096 });
    await world.start();
    full(false);
    const request = newRequest('work');
    await world.submit(request);
    await world.offer();
    assert.equal(world.state(request.id), 'queued');
    fail = false;
    await world.clock.advance(2_000);
    assert.equal(world.store.frameworkId, 'framework-1');
    assert.equal(world.state(request.id), 'launched');
  });
});
