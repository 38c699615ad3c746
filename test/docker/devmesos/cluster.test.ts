import assert from 'node:assert/strict';
import path from 'node:path';
import Docker from 'dockerode';
import { startDevMesos } from '../../../src/devmesos/cluster.ts';
import { bundle } from '../../support/bundles.ts';
import { RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { ensureBaseImages } from '../support/baseImages.ts';

describe('dev Mesos with Docker: a master with agents', function () {
  this.timeout(600_000);

  it('leaves no container, even of an agent that was killed', async () => {
    const docker = new Docker();
    const { python: image } = await ensureBaseImages(docker);
    const folder = await temporaryFolder('bundle');
    await bundle(['devmesos'], folder.path);
    const program = path.join(folder.path, 'devmesos.cjs');
    const mesos = await startDevMesos({ program, agents: 1, port: 0, docker: true });
    let name: string;
    try {
      const scheduler = await RawScheduler.subscribe(mesos.master.url);
      scheduler.acknowledgeAll();
      const [offer] = await scheduler.offersOf(1);
      const task = taskFor(
        offer!.agent_id,
        'a',
        { value: 'sleep 4003' },
        { container: { type: 'DOCKER', docker: { image } } },
      );
      await scheduler.launch([offer!], [task]);
      const { container_status: status } = await scheduler.update('a', 'TASK_RUNNING', 40_000);
      name = `mesos-${status?.container_id?.value ?? ''}`;
      assert.equal((await docker.getContainer(name).inspect()).State.Running, true);
      process.kill(mesos.agents[0]!.pid, 'SIGKILL');
      await mesos.failed;
      scheduler.disconnect();
    } finally {
      await mesos.stop();
      await folder.remove();
    }
    await assert.rejects(docker.getContainer(name).inspect(), /no such container/i);
  });
});
