import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { ProgressEvent } from '../../../src/engines/phases.ts';
import { isBeingBroughtUp } from '../../../src/client/startRecord.ts';
import { turnToStart } from '../../../src/engines/upLock.ts';
import { writePrivateFile } from '../../../src/host/files.ts';
import {
  clusterFolder,
  userFolders,
  type ClusterFolder,
  type UserFolders,
} from '../../../src/host/folders.ts';
import { identify } from '../../../src/host/processes.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';
import { exampleSpec } from './embedded/exampleSpec.ts';

/** What a start says, in few words. */
function words(event: ProgressEvent): string {
  if (event.type === 'phase') return `${event.phase} ${event.state}: ${event.detail}`;
  return event.following ? 'follows' : event.text;
}
const phase = (name: string, state: 'running' | 'done', detail: string): ProgressEvent => ({
  ...{ type: 'phase', phase: name, state, detail, elapsedMs: 1 },
});

describe('the turn to bring a cluster up', () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let folders: UserFolders;
  let folder: ClusterFolder;
  beforeEach(async () => {
    home = await temporaryFolder('turn');
    folders = userFolders({ MESOS_AIRFLOW_HOME: home.path });
    folder = clusterFolder(folders, 'box');
  });
  afterEach(() => home.remove());

  function turn(said: string[], signal = new AbortController().signal): ReturnType<typeof turnToStart> {
    return turnToStart('box', folders, (event) => said.push(words(event)), signal);
  }

  it('is one at a time; who waits for it sees what the other one says, from the beginning', async () => {
    const first = await turn([]);
    assert.equal(await isBeingBroughtUp(folder), true);
    first.progress(phase('Check this machine', 'done', 'Python 3.11'));
    first.progress(phase('Python environment', 'running', '1 of 132'));
    const said: string[] = [];
    const second = turn(said);
    await until(() => said.length === 3, { what: 'what was said before' });
    first.progress(phase('Python environment', 'running', '2 of 132'));
    await until(() => said.length === 4, { what: 'what is said now' });
    assert.deepEqual(said, [
      'follows',
      'Check this machine done: Python 3.11',
      'Python environment running: 1 of 132',
      'Python environment running: 2 of 132',
    ]);
    await first.end();
    const own = await second;
    assert.match(said.at(-1) ?? '', /^The other start of box came to nothing: it is started here/);
    own.progress(phase('Check this machine', 'done', 'Python 3.11'));
    assert.equal(said.at(-1), 'Check this machine done: Python 3.11');
    await own.end();
    assert.equal(await isBeingBroughtUp(folder), false);
    assert.deepEqual(
      fs.readdirSync(folder.root).filter((name) => name.endsWith('.jsonl')),
      [],
    );
  });

  it('comes when the other one has started it: then what was said of that is not said again', async () => {
    const first = await turn([]);
    first.progress(phase('Airflow', 'done', 'healthy'));
    const said: string[] = [];
    const second = turn(said);
    await until(() => said.length === 2, { what: 'what was said' });
    await writePrivateFile(folder.spec, JSON.stringify({ ...exampleSpec(), name: 'box' }));
    const self = await identify(process.pid);
    const runtime = { protocol: 1, version: '', url: 'http://127.0.0.1:1', socket: '', ...self };
    await writePrivateFile(folder.runtime, JSON.stringify(runtime));
    await first.end();
    const own = await second;
    own.progress(phase('Airflow', 'done', 'healthy'));
    own.progress(phase('DAG', 'running', ''));
    assert.deepEqual(said, ['follows', 'Airflow done: healthy', 'DAG running: ']);
    await own.end();
  });

  it('is given up where the person does not want to wait', async () => {
    const first = await turn([]);
    const stop = new AbortController();
    const said: string[] = [];
    const second = turn(said, stop.signal);
    await until(() => said.length === 1, { what: 'that it follows' });
    stop.abort();
    await assert.rejects(second);
    assert.equal(await isBeingBroughtUp(folder), true);
    await first.end();
  });
});
