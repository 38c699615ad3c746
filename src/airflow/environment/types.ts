/** What a person is told while an environment is made. */
export interface EnvironmentProgress {
  readonly phase: 'wait' | 'python' | 'installer' | 'packages' | 'requirements' | 'bytecode';
  /** In a few words: "installing 57 of 132 packages". */
  readonly detail: string;
  /** How far it is, where that is known: of packages, files or megabytes, as `detail` says. */
  readonly done?: number;
  readonly total?: number;
}

export interface EnvironmentOptions {
  /** The lock with hashes: every package that Airflow needs, pinned. */
  readonly lockFile: string;
  /** A pinned uv with hashes, for machines that have none. Without it pip installs, which takes much longer. */
  readonly uvLockFile?: string;
  /** The user's cache (`userFolders().cache`); environments are kept in `environments/` below it. */
  readonly cacheFolder: string;
  /** The workspace's requirements.txt, layered over the lock and held to its versions; one that isn't there counts as none. */
  readonly requirements?: string;
  /** An interpreter that the person has chosen, a path or a name on PATH; nothing else is tried then. Default: MESOS_AIRFLOW_PYTHON. */
  readonly python?: string;
  /** Proxies, indexes and certificate authorities are read from it. Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the work; nothing half-made is left. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EnvironmentProgress) => void;
}

export interface Environment {
  /** The environment's interpreter: run Airflow as `<python> -m airflow …`. */
  readonly python: string;
  readonly folder: string;
  readonly airflowVersion: string;
  readonly pythonVersion: string;
  /** How many packages are installed. */
  readonly packages: number;
  /** Whether it was there already. */
  readonly reused: boolean;
}
