import assert from 'node:assert/strict';
import { turnToStart } from '../../../../src/engines/upLock.ts';
import type { Connection, Starting } from '../../../../src/extension/cluster/connection.ts';
import { Emitter } from '../../../../src/extension/emitter.ts';
import { StartElsewhere } from '../../../../src/extension/start/elsewhere.ts';
import { clusterFolder, userFolders, type UserFolders } from '../../../../src/host/folders.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { until } from '../../../support/until.ts';

class Window {
  readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;
  readonly name = 'box';
  readonly folder: ReturnType<typeof clusterFolder>;
  connection: Connection = { phase: 'absent' };
  starting: Starting | undefined;

  constructor(folders: UserFolders) {
    this.folder = clusterFolder(folders, this.name);
  }

  get picture() {
    return { connection: this.connection, starting: this.starting, state: undefined, incidents: new Map() };
  }

  setStarting(starting: Starting | undefined): void {
    this.starting = starting;
    this.changed.fire();
  }
}

describe('a start that goes on elsewhere', () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let window: Window;
  let elsewhere: StartElsewhere;
  let folders: UserFolders;
  beforeEach(async () => {
    home = await temporaryFolder('elsewhere');
    folders = userFolders({ MESOS_AIRFLOW_HOME: home.path });
    window = new Window(folders);
    elsewhere = new StartElsewhere(window);
  });
  afterEach(async () => {
    elsewhere.dispose();
    await home.remove();
  });

  const begun = (): ReturnType<typeof turnToStart> =>
    turnToStart('box', folders, () => undefined, new AbortController().signal);
  const says = (detail: string) =>
    ({ type: 'phase', phase: 'Python environment', state: 'running', detail, elapsedMs: 1 }) as const;

  it('is shown by a window that was opened, or reloaded, meanwhile, until it is over', async () => {
    const turn = await begun();
    turn.progress(says('40 of 132 packages'));
    window.changed.fire();
    await until(() => window.starting, { what: 'the start' });
    assert.deepEqual(window.starting, {
      phase: 'Python environment',
      detail: '40 of 132 packages',
      elsewhere: true,
    });
    turn.progress(says('41 of 132 packages'));
    await until(() => window.starting?.detail.startsWith('41'), { what: 'how it goes on' });
    await turn.end();
    await until(() => window.starting === undefined, { what: 'its end' });
  });

  it('is shown by a window that was there before', async () => {
    window.changed.fire();
    const turn = await begun();
    turn.progress(says('1 of 132 packages'));
    await until(() => window.starting?.elsewhere, { what: 'the start' });
    // The service answers: it tells of its parts itself.
    window.connection = { phase: 'live' };
    window.changed.fire();
    await until(() => window.starting === undefined, { what: 'the end of following' });
    await turn.end();
  });

  it('leaves alone what this window itself shows', async () => {
    const turn = await begun();
    turn.progress(says('40 of 132 packages'));
    const own = { phase: 'Airflow', detail: '' };
    window.starting = own;
    window.changed.fire();
    window.changed.fire();
    turn.progress(says('41 of 132 packages'));
    await turn.end();
    assert.equal(window.starting, own);
  });
});
