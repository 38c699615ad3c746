import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import { runCommand, startCommand, type RunningCommand } from '../../support/commandLine.ts';
import { until } from '../../support/until.ts';

interface Ready {
  readonly ready: boolean;
  readonly master: string;
  readonly agents: readonly { readonly name: string; readonly url: string }[];
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status === 200;
  } catch {
    return false;
  }
}

async function workFolders(): Promise<string[]> {
  return (await fs.readdir(os.tmpdir())).filter((name) => name.startsWith('mesos-airflow-dev-'));
}

async function ready(command: RunningCommand): Promise<Ready> {
  const line = await until(() => /^(.+)\n/.exec(command.stdout())?.[1], {
    what: `a line; ${command.stderr()}`,
  });
  return JSON.parse(line) as Ready;
}

describe('mesos-airflow dev-mesos', function () {
  this.timeout(30_000);
  let command: RunningCommand | undefined;
  afterEach(async () => {
    command?.child.kill('SIGKILL');
    await command?.ended;
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`is up within two seconds on free ports, and leaves nothing behind after ${signal}`, async () => {
      const before = await workFolders();
      const begun = Date.now();
      command = startCommand('dev-mesos --agents 2 --port 0 --cpus 1.5 --mem 512 --json'.split(' '));
      const { master, agents } = await ready(command);
      const took = Date.now() - begun;
      assert.deepEqual(
        agents.map(({ name }) => name),
        ['agent-1', 'agent-2'],
      );
      for (const url of [master, ...agents.map((agent) => agent.url)])
        assert.ok(await answers(`${url}/health`), url);
      const state = (await (await fetch(`${master}/slaves`)).json()) as {
        slaves: { resources: { cpus: number; mem: number } }[];
      };
      assert.deepEqual(
        state.slaves.map(({ resources }) => [resources.cpus, resources.mem]),
        [
          [1.5, 512],
          [1.5, 512],
        ],
      );
      command.child.kill(signal);
      assert.equal((await command.ended).status, 0);
      for (const url of [master, ...agents.map((agent) => agent.url)]) {
        await until(async () => !(await answers(`${url}/health`)), { what: `the end of ${url}` });
      }
      assert.deepEqual(await workFolders(), before);
      // Alone on a machine it takes half a second; other programs' load is not what is tested.
      const limit = os.loadavg()[0]! > os.availableParallelism() ? 10_000 : 2000;
      assert.ok(took < limit, `${took} ms`);
    });
  }

  it('leaves no process when it is killed outright', async () => {
    command = startCommand('dev-mesos --agents 1 --port 0 --json'.split(' '));
    const { master, agents } = await ready(command);
    command.child.kill('SIGKILL');
    for (const url of [master, ...agents.map((agent) => agent.url)]) {
      await until(async () => !(await answers(`${url}/health`)), { what: `the end of ${url}` });
    }
  });

  it('takes another port where the wanted one is in use, and says so', async () => {
    command = startCommand('dev-mesos --agents 1 --port 0 --json'.split(' '));
    const { port } = new URL((await ready(command)).master);
    const second = startCommand(['dev-mesos', '--agents', '1', '--port', port]);
    try {
      const text = await until(() => second.stdout().includes('Stop with') && second.stdout());
      assert.ok(text.includes(`port ${port} is in use`), text);
    } finally {
      second.child.kill('SIGTERM');
      await second.ended;
    }
  });

  it('refuses what is out of range, with the range', async () => {
    const { status, stderr } = await runCommand('dev-mesos --port 70000 --json'.split(' '));
    assert.equal(status, 2);
    const { error, why } = JSON.parse(stderr) as { error: string; why: string };
    assert.match(error, /--port cannot be 70000/);
    assert.match(why, /0 to 65535/);
  });
});
