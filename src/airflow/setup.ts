import path from 'node:path';

/** All that Airflow of one cluster is run with; the service makes it from cluster.json. */
export interface AirflowSetup {
  /** The environment's interpreter (`Environment.python`). */
  readonly python: string;
  /** Airflow's version (`Environment.airflowVersion`). */
  readonly version: string;
  /** AIRFLOW_HOME: configuration, database, logs. 0700. */
  readonly home: string;
  /** The cluster's folder of secrets: Airflow's keys and the admin's password are generated into it once. */
  readonly secretsFolder: string;
  /** The api-server's port on 127.0.0.1. */
  readonly port: number;
  readonly dagsFolder: string;
  /** The folder that holds the package `airflow_mesos`. */
  readonly pythonPath: string;
  readonly mesos: {
    /** The service's address for Airflow: `http://127.0.0.1:<port>`. */
    readonly url: string;
    /** A 0600 file with the deployment's token. */
    readonly tokenFile: string;
    /** The deployment's id, a UUID. */
    readonly deployment: string;
  };
  /** How many tasks the executor keeps going at once. */
  readonly parallelism: number;
  /** The workspace's .env; ours wins where both set a variable. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where its processes are containers; paths are then those inside. Without it they are processes of this machine. */
  readonly container?: {
    /** Where tasks and the service reach the api-server, on the cluster's network. */
    readonly url: string;
    /** The port that the api-server listens on inside its container, on all addresses. */
    readonly listen: number;
  };
  /** What the processes inherit (of it, what `plainEnvironment` keeps). Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The one user of the simple auth manager. */
export const adminName = 'admin';

/** Where a browser on this machine finds it. */
export function airflowUrl(setup: Pick<AirflowSetup, 'port'>): string {
  return `http://127.0.0.1:${setup.port}`;
}

/** Where the service and tasks reach the api-server. */
export function apiServerUrl(setup: Pick<AirflowSetup, 'port' | 'container'>): string {
  return setup.container?.url ?? airflowUrl(setup);
}

/** The name of the file with the admin's password. */
export const passwordName = 'airflow-admin.password';

/** The file with the admin's password, as a person types it. */
export function passwordFile(setup: Pick<AirflowSetup, 'secretsFolder'>): string {
  return path.join(setup.secretsFolder, passwordName);
}

/** Airflow's SQLite database. */
export function databaseFile(setup: Pick<AirflowSetup, 'home'>): string {
  return path.join(setup.home, 'airflow.db');
}
