import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { AirflowClient } from '../../../src/airflow/client.ts';
import { airflowComponents, type ComponentName } from '../../../src/airflow/components.ts';
import { componentCheck } from '../../../src/airflow/health.ts';
import { prepareAirflow } from '../../../src/airflow/prepare.ts';
import { airflowSecrets } from '../../../src/airflow/secrets.ts';
import { adminName, airflowUrl, type AirflowSetup } from '../../../src/airflow/setup.ts';
import { choosePort } from '../../../src/host/ports.ts';
import { signalGroup } from '../../../src/host/processes.ts';
import { airflowEnvironment } from '../../support/airflowEnvironment.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

/** Milliseconds that the triggerer has to end by itself. */
const triggererGraceMs = 10_000;

/** A real Airflow: our environment, configuration and processes, with the LocalExecutor since no service is there. */
export interface RunningAirflow {
  readonly setup: AirflowSetup;
  readonly client: AirflowClient;
  readonly processes: ReadonlyMap<ComponentName, ChildProcess>;
  readonly logOf: (name: ComponentName) => Promise<string>;
  readonly writeDag: (name: string, text: string) => Promise<string>;
  /** Ends all components as a supervisor would; gives how long that took, in milliseconds. */
  readonly stop: () => Promise<number>;
}

export async function startAirflow(): Promise<RunningAirflow> {
  const environment = await airflowEnvironment();
  const folder = await temporaryFolder('airflow');
  // A home such as people have them.
  const root = path.join(folder.path, 'Äußeres 100% & "neu"');
  const setup: AirflowSetup = {
    python: environment.python,
    version: environment.airflowVersion,
    home: path.join(root, 'airflow'),
    secretsFolder: path.join(root, 'secrets'),
    port: await choosePort(0),
    dagsFolder: path.join(root, 'dags'),
    pythonPath: path.resolve('cluster/airflow'),
    mesos: {
      url: 'http://127.0.0.1:9',
      tokenFile: path.join(root, 'secrets', 'airflow.token'),
      deployment: '5f0e9cbe-0000-4000-8000-000000000000',
    },
    parallelism: 4,
    variables: { GREETING: 'Grüße' },
  };
  await fs.mkdir(setup.dagsFolder, { recursive: true });
  await prepareAirflow(setup);
  const client = new AirflowClient({
    url: airflowUrl(setup),
    username: adminName,
    password: async () => (await airflowSecrets(setup)).password,
  });
  const processes = new Map<ComponentName, ChildProcess>();
  const since = Date.now();
  const logFile = (name: ComponentName): string => path.join(root, `${name}.log`);
  for (const { name, command, args, env, cwd } of airflowComponents(setup)) {
    const log = await fs.open(logFile(name), 'a');
    const child = spawn(command, args, {
      env: { ...env, AIRFLOW__CORE__EXECUTOR: 'LocalExecutor', AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS: '' },
      cwd,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await log.close();
    processes.set(name, child);
  }
  const stop = async (): Promise<number> => {
    const begun = Date.now();
    for (const { pid } of processes.values()) if (pid !== undefined) signalGroup(pid, 'SIGTERM');
    // Now and then the triggerer waits for its own subprocess until it is killed, which the supervisor does soon.
    const triggerer = processes.get('triggerer');
    const patience = setTimeout(() => {
      if (triggerer?.pid !== undefined && !hasEnded(triggerer)) signalGroup(triggerer.pid, 'SIGKILL');
    }, triggererGraceMs);
    try {
      await Promise.all(
        [...processes].map(([name, child]) =>
          until(() => hasEnded(child), { limitMs: 60_000, what: `the end of ${name}` }),
        ),
      );
    } finally {
      clearTimeout(patience);
      for (const child of processes.values()) {
        if (!hasEnded(child) && child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
      }
      await folder.remove();
    }
    return Date.now() - begun;
  };
  const running: RunningAirflow = {
    ...{ setup, client, processes, stop },
    logOf: (name) => fs.readFile(logFile(name), 'utf8'),
    writeDag: async (name, text) => {
      const file = path.join(setup.dagsFolder, name);
      await fs.writeFile(file, text);
      return file;
    },
  };
  try {
    await Promise.all([...processes.keys()].map((name) => ready(running, name, since)));
  } catch (error) {
    await stop();
    throw error;
  }
  return running;
}

async function ready(
  { client, processes, logOf }: RunningAirflow,
  name: ComponentName,
  since: number,
): Promise<void> {
  const check = componentCheck(name, client);
  const { signal } = new AbortController();
  const outcome = await until(
    async () => {
      const child = processes.get(name);
      if (!child || hasEnded(child)) return 'ended';
      await check(since, signal);
      return 'ready';
    },
    { limitMs: 150_000, everyMs: 100, what: name },
  );
  if (outcome === 'ended') throw new Error(`${name} ended:\n${await logOf(name)}`);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
