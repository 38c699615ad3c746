import { airflowEnvironment, databaseUrl } from './configuration.ts';
import type { AirflowSetup } from './setup.ts';

export const componentNames = ['api-server', 'scheduler', 'dag-processor', 'triggerer'] as const;
export type ComponentName = (typeof componentNames)[number];

/** One of Airflow's processes, to be started in a process group of its own. */
export interface AirflowComponent {
  readonly name: ComponentName;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing secret in it but what the person's .env holds. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Components that must be ready before this one is started; without any, what `prepareAirflow` did is enough. */
  readonly dependsOn: readonly ComponentName[];
}

const argumentsOf: Readonly<Record<ComponentName, readonly string[]>> = {
  // How long a stopping one waits for open connections, browsers' for the most part (default 120 s).
  'api-server': ['api-server', '--worker-timeout', '5'],
  // Log servers listen on fixed ports of every address: two clusters would fight for them, and here all logs are local.
  scheduler: ['scheduler', '--skip-serve-logs'],
  'dag-processor': ['dag-processor'],
  triggerer: ['triggerer', '--skip-serve-logs'],
};

/** In a container each sees itself to what `prepareAirflow` makes ready: the database, the person's variables. */
const containerModule = 'airflow_mesos.container';

/** Airflow's processes for a setup that `prepareAirflow` has made ready, in the order of their start. */
export function airflowComponents(setup: AirflowSetup): readonly AirflowComponent[] {
  const env = airflowEnvironment(setup);
  return componentNames.map((name) => ({
    name,
    command: setup.python,
    args: ['-m', setup.container ? containerModule : 'airflow_mesos.component', ...argumentsOf[name]],
    env: name === 'api-server' ? { ...env, ...apiServerOnly(setup) } : env,
    cwd: setup.home,
    dependsOn: [],
  }));
}

function apiServerOnly(setup: AirflowSetup): Record<string, string> {
  return {
    // Task logs lie in sandboxes: the api-server, and it alone, reads them through the service.
    AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS: 'airflow_mesos.logs.LOGGING_CONFIG',
    // It can wait for a lock that it holds itself (see `insist`, client.ts), and answers nobody meanwhile.
    ...(setup.container ? {} : { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: databaseUrl(setup, 5) }),
  };
}
