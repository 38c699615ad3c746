import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { killCluster } from '../../../../src/engines/embedded/down.ts';
import { writeSpec } from '../../../../src/engines/embedded/spec.ts';
import { supervise } from '../../../../src/engines/embedded/supervise.ts';
import { upLock } from '../../../../src/client/startRecord.ts';
import { clusterFolder, type ClusterFolder, type UserFolders } from '../../../../src/host/folders.ts';
import { takeLock } from '../../../../src/host/lock.ts';
import { identify } from '../../../../src/host/processes.ts';
import { projectRoot } from '../../../support/bundles.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { until } from '../../../support/until.ts';
import { exampleSpec } from './exampleSpec.ts';

const lookMs = 20;

describe('who keeps an embedded cluster', () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let folders: UserFolders;
  let folder: ClusterFolder;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    home = await temporaryFolder('supervise');
    folders = { state: home.path, cache: home.path, runtime: home.path };
    folder = clusterFolder(folders, 'default');
    await writeSpec(folder, exampleSpec());
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await home.remove();
  });

  /** A process that does nothing, or that holds the service's lock and has not told where it listens. */
  async function processThat(does: 'nothing' | 'holds the lock'): Promise<ChildProcess> {
    const lock = JSON.stringify(folder.serviceLock);
    const source =
      does === 'nothing'
        ? 'console.log("ready"); setInterval(() => undefined, 1000);'
        : `import { takeLock } from ${JSON.stringify(`${projectRoot}src/host/lock.ts`)};
           await takeLock(${lock}); console.log("ready"); setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    children.push(child);
    // Whoever waits for its lock may end it before it has said that it holds it.
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    return child;
  }

  async function record(child: ChildProcess): Promise<void> {
    const identity = await identify(child.pid ?? 0);
    await fs.writeFile(folder.runtime, JSON.stringify(identity));
  }

  async function ended(child: ChildProcess): Promise<void> {
    await until(() => child.exitCode !== null || child.signalCode !== null, {
      what: 'the end of the process',
    });
  }

  it('starts a service that died again, and ends once the cluster is brought down', async () => {
    const services = [await processThat('nothing')];
    await record(services[0]!);
    const supervisor = supervise(folder.root, {
      lookMs,
      log: () => undefined,
      startAgain: async () => {
        const service = await processThat('nothing');
        await record(service);
        // Only now: the test kills the newest as soon as it sees it.
        services.push(service);
      },
    });
    for (const starts of [2, 3]) {
      services.at(-1)?.kill('SIGKILL');
      await until(() => services.length === starts, { what: `start ${starts}` });
    }
    await fs.rm(folder.runtime);
    services.at(-1)?.kill('SIGKILL');
    await supervisor;
    assert.equal(services.length, 3);
  });

  it('does not start it while somebody brings the cluster up', async () => {
    const service = await processThat('nothing');
    await record(service);
    const lock = await takeLock(upLock(folder));
    let starts = 0;
    const supervisor = supervise(folder.root, {
      lookMs,
      log: () => undefined,
      startAgain: async () => {
        starts += 1;
        await fs.rm(folder.runtime);
      },
    });
    service.kill('SIGKILL');
    await ended(service);
    // Long enough for some looks and the first pause.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(starts, 0);
    await lock.release();
    await supervisor;
    assert.equal(starts, 1);
  });

  it('is one supervisor only, and none of a cluster that is down', async () => {
    const never = { lookMs, log: () => undefined, startAgain: () => assert.fail('nothing died') };
    await supervise(folder.root, never);
    await assert.rejects(fs.access(path.join(folder.root, 'supervisor.lock')), 'no trace of it is left');
    await record(await processThat('nothing'));
    const first = supervise(folder.root, never);
    await until(() => fs.access(path.join(folder.root, 'supervisor.lock', '1')).then(() => true));
    await supervise(folder.root, never);
    await fs.rm(folder.runtime);
    await first;
  });

  it('finds, where all is ended by force, a service that has not told yet where it listens', async () => {
    const service = await processThat('holds the lock');
    await killCluster('default', folders);
    await ended(service);
  });

  it('waits, where all is ended by force, for a service that was just started to show', async () => {
    const lock = await takeLock(upLock(folder));
    const killed = killCluster('default', folders);
    const service = await processThat('holds the lock');
    await killed;
    await ended(service);
    await lock.release();
  });
});
