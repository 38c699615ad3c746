import os from 'node:os';
import path from 'node:path';

/** Where everything of ours lives in the user's folders; the same for every editor flavour and the command line. */
export interface UserFolders {
  /** Durable state: one folder per cluster. */
  readonly state: string;
  /** What can be made again: Python environments, copied bundles. */
  readonly cache: string;
  /** Sockets; short, because a Unix socket's path is limited to some 100 bytes. */
  readonly runtime: string;
}

/**
 * The user's folders by the platform's custom: XDG on Linux, Library on macOS, AppData on Windows.
 * `MESOS_AIRFLOW_HOME` moves all of them below one folder, `MESOS_AIRFLOW_CACHE` the cache alone.
 */
export function userFolders(env: NodeJS.ProcessEnv = process.env): UserFolders {
  const folders = defaultFolders(env);
  return env.MESOS_AIRFLOW_CACHE ? { ...folders, cache: path.resolve(env.MESOS_AIRFLOW_CACHE) } : folders;
}

function defaultFolders(env: NodeJS.ProcessEnv): UserFolders {
  const own = env.MESOS_AIRFLOW_HOME;
  if (own) {
    const home = path.resolve(own);
    return {
      state: path.join(home, 'state'),
      cache: path.join(home, 'cache'),
      runtime: path.join(home, 'run'),
    };
  }
  const home = os.homedir();
  const temporary = path.join(os.tmpdir(), `mesos-airflow-${os.userInfo().uid}`);
  if (process.platform === 'darwin') {
    return {
      state: path.join(home, 'Library', 'Application Support', 'mesos-airflow'),
      cache: path.join(home, 'Library', 'Caches', 'mesos-airflow'),
      runtime: temporary,
    };
  }
  if (process.platform === 'win32') {
    const local = env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local');
    return {
      state: path.join(local, 'mesos-airflow', 'state'),
      cache: path.join(local, 'mesos-airflow', 'cache'),
      runtime: temporary,
    };
  }
  return {
    state: path.join(env.XDG_STATE_HOME ?? path.join(home, '.local', 'state'), 'mesos-airflow'),
    cache: path.join(env.XDG_CACHE_HOME ?? path.join(home, '.cache'), 'mesos-airflow'),
    runtime: env.XDG_RUNTIME_DIR ? path.join(env.XDG_RUNTIME_DIR, 'mesos-airflow') : temporary,
  };
}

/** The files of one cluster. Everything in it is 0700/0600: it holds tokens. */
export interface ClusterFolder {
  readonly root: string;
  /** What was asked for (`ClusterSpec`, src/api/cluster.ts); written by the engine, read by the service. */
  readonly spec: string;
  /** Where the living service listens (`ServiceRuntime`, src/api/cluster.ts); written by the service. */
  readonly runtime: string;
  /** Why it does not run, where it ended itself (`StoppedItself`, src/api/cluster.ts); written by the service. */
  readonly stopped: string;
  /** Held by the one living service. */
  readonly serviceLock: string;
  /** The embedded parts: name, pid, start time; written by the service, read by whoever must end them. */
  readonly parts: string;
  /** The framework's store. */
  readonly store: string;
  /** Tokens and passwords, a file each. */
  readonly secrets: string;
  /** One log file per part: `<part>.log`, the service's own `service.log` among them. */
  readonly logs: string;
  /** AIRFLOW_HOME. */
  readonly airflow: string;
  /** Work folders of the dev Mesos: `master`, `agent-1`, … */
  readonly mesos: string;
  /** What the service told of the cluster, for replay: segments by number. */
  readonly journal: string;
  /** The ends of logs of tasks that are over, a file per attempt. */
  readonly kept: string;
}

export function clusterFolder(folders: UserFolders, name: string): ClusterFolder {
  const root = path.join(folders.state, 'clusters', name);
  return clusterFolderAt(root);
}

export function clusterFolderAt(root: string): ClusterFolder {
  return {
    root,
    spec: path.join(root, 'cluster.json'),
    runtime: path.join(root, 'runtime.json'),
    stopped: path.join(root, 'stopped.json'),
    serviceLock: path.join(root, 'service.lock'),
    parts: path.join(root, 'parts.json'),
    store: path.join(root, 'store.sqlite'),
    secrets: path.join(root, 'secrets'),
    logs: path.join(root, 'logs'),
    airflow: path.join(root, 'airflow'),
    mesos: path.join(root, 'mesos'),
    journal: path.join(root, 'journal'),
    kept: path.join(root, 'kept'),
  };
}
