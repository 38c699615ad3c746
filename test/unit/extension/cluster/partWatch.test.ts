import assert from 'node:assert/strict';
import { ClusterModel } from '../../../../src/extension/cluster/model.ts';
import { PartWatch, type Watch } from '../../../../src/extension/cluster/partWatch.ts';
import type { PartIncident } from '../../../../src/extension/commandLine/progress.ts';
import { CommandLineError } from '../../../../src/extension/commandLine/errors.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { until } from '../../../support/until.ts';
import { FakeService } from '../../../vscode/support/fakeService.ts';
import { atNoon, clusterView } from '../../../vscode/support/views.ts';

/** A watch that a test speaks for, and ends. */
class FakeWatch {
  readonly begun: string[] = [];
  running = 0;
  tell: (incident: PartIncident) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;
  end: () => void = () => undefined;

  readonly watch: Watch = async (cluster, tell, signal) => {
    this.begun.push(cluster);
    this.running += 1;
    this.tell = tell;
    try {
      await new Promise<void>((resolve, reject) => {
        this.fail = reject;
        this.end = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    } finally {
      this.running -= 1;
    }
  };
}

const died: PartIncident = {
  ...{ type: 'incident', part: 'scheduler', state: 'exited', detail: 'killed', lines: ['bye'], at: 1 },
};

describe('a cluster in Docker, in a window', () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let service: FakeService;
  let model: ClusterModel;
  let parts: PartWatch;
  const fake = new FakeWatch();
  const ends: string[] = [];
  const revivals: string[] = [];
  let revival: () => Promise<void> = () => Promise.resolve();
  const before = process.env.MESOS_AIRFLOW_HOME;

  beforeEach(async () => {
    home = await temporaryFolder('watch');
    process.env.MESOS_AIRFLOW_HOME = home.path;
    service = new FakeService('box', { inContainer: true });
    model = new ClusterModel('box', async (name) => {
      revivals.push(name);
      await revival();
    });
    parts = new PartWatch(model, { watch: fake.watch, onEnd: (why) => ends.push(why), firstPauseMs: 20 });
    for (const list of [fake.begun, ends, revivals]) list.length = 0;
    revival = () => Promise.resolve();
  });
  afterEach(async () => {
    parts.dispose();
    model.dispose();
    await until(() => fake.running === 0, { what: 'the end of the watch' });
    await service.stop();
    await home.remove();
    if (before === undefined) delete process.env.MESOS_AIRFLOW_HOME;
    else process.env.MESOS_AIRFLOW_HOME = before;
  });
  const phase = (wanted: string): Promise<unknown> =>
    until(() => model.picture.connection.phase === wanted, { what: wanted, limitMs: 15_000 });

  it('is watched by one watch while the window is connected, and by none once it was brought down', async () => {
    await phase('absent');
    assert.equal(fake.running, 0);
    await service.start();
    await phase('live');
    await until(() => fake.running === 1, { what: 'the watch' });
    fake.tell(died);
    await until(() => model.picture.incidents.get('scheduler')?.detail === 'killed', {
      what: 'the incident',
    });
    await service.stop();
    await phase('absent');
    await until(() => fake.running === 0, { what: 'the end of the watch' });
    assert.equal(model.picture.incidents.size, 0);
    assert.deepEqual(fake.begun, ['box']);
  });

  it('is watched again where the watch ends by itself, and goes on while the service is away', async () => {
    await service.start();
    await until(() => fake.running === 1, { what: 'the watch' });
    fake.fail(new Error('Docker went away'));
    await until(() => fake.begun.length === 2, { what: 'another watch' });
    assert.deepEqual(ends, ['Docker went away']);
    await service.breakOff();
    await phase('lost');
    assert.equal(fake.running, 1);
    await service.start();
    await phase('live');
    assert.equal(fake.begun.length, 2);
  });

  it('is not watched again while it is being stopped, but once it was started again', async () => {
    await service.start();
    await until(() => fake.running === 1, { what: 'the watch' });
    fake.end();
    await until(() => fake.running === 0, { what: 'the end of the watch' });
    let told = 0;
    model.onDidChange(() => (told += 1));
    service.tell({
      type: 'cluster',
      cluster: clusterView({ name: 'box', engine: 'docker', state: 'degraded' }),
    });
    await until(() => told > 0, { what: 'what the service still says' });
    assert.deepEqual(fake.begun, ['box']);
    await service.stop();
    await phase('absent');
    service.snapshot.cluster = clusterView({ name: 'box', engine: 'docker', started: atNoon + 60_000 });
    await service.start();
    await until(() => fake.running === 1, { what: 'another watch' });
    assert.deepEqual(fake.begun, ['box', 'box']);
  });

  it('has the command line start a service again that died while it was seen alive', async () => {
    await service.start();
    await phase('live');
    revival = () => service.start();
    await service.breakOff();
    await until(() => revivals.length === 1, { what: 'the revival', limitMs: 15_000 });
    await phase('live');
  });

  it('says why where the command line cannot, offers a start, and does not ask it over and over', async () => {
    await service.start();
    await phase('live');
    revival = () =>
      Promise.reject(new CommandLineError({ error: 'No Docker Engine answers', why: 'none runs' }));
    await service.breakOff();
    await until(
      () => {
        const { connection } = model.picture;
        return (
          connection.phase === 'lost' && connection.why === 'No Docker Engine answers' && connection.startable
        );
      },
      { what: 'the reason', limitMs: 15_000 },
    );
    model.look();
    model.look();
    await until(() => model.picture.connection.phase === 'lost');
    assert.equal(revivals.length, 1);
    const { connection } = model.picture;
    assert.ok(connection.phase === 'lost' && connection.why === 'No Docker Engine answers');
  });

  it('waits for a person where its service was away before this window was there', async () => {
    await service.start();
    await service.breakOff();
    model.dispose();
    model = new ClusterModel('box', () => Promise.reject(new Error('asked')));
    await phase('lost');
    const { connection } = model.picture;
    assert.ok(connection.phase === 'lost' && connection.startable && connection.why.includes('ECONNREFUSED'));
  });
});
