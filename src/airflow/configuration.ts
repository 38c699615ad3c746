// Airflow runs on no Windows, but a cluster in Docker can be started from one.
import path from 'node:path/posix';
import { plainEnvironment } from '../host/environment.ts';
import { passwordsFile, type AirflowSecrets } from './secrets.ts';
import { adminName, airflowUrl, apiServerUrl, databaseFile, type AirflowSetup } from './setup.ts';

type Sections = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Settings that a dev cluster wants otherwise than Airflow's defaults; a variable of the person's own overrides each. */
const tuned: Sections = {
  core: {
    load_examples: 'False',
    // The default asks the name server, which takes seconds on some machines.
    hostname_callable: 'socket.gethostname',
    // A DAG that is saved twice within the default's 30 s would show its old self.
    min_serialized_dag_update_interval: '1',
    // The default's two innermost frames leave out the DAG file where a library of a library fails.
    dagbag_import_error_traceback_depth: '50',
  },
  database: {
    load_default_connections: 'False',
    // Who starts components has seen to it; asking Alembic costs each of them 0.3 s of processor time.
    check_migrations: 'False',
  },
  logging: {
    colored_console_log: 'False',
    // Lines for each request and each look at the DAG folder, which come by the second: some 50 MB a day.
    namespace_levels: 'http.access=WARNING airflow.dag_processing.manager.DagFileProcessorManager=WARNING',
  },
  dag_processor: {
    // New and changed files are found within these seconds, not after the default's 300.
    refresh_interval: '1',
    bundle_refresh_check_interval: '1',
  },
  scheduler: {
    // A task may wait for resources as long as it has to: the framework says why. (Default 600 s, then it fails.)
    task_queued_timeout: '86400',
    // A scheduler that was killed leaves its tasks to the next one after at most 40 s (default: 330).
    scheduler_health_check_threshold: '20',
    orphaned_tasks_check_interval: '20',
  },
};

/**
 * airflow.cfg: secrets, which no environment shows, and the tuned defaults. To be kept 0600. `database`: the connection,
 * with its password, where it is not a file of the cluster's own.
 */
export function airflowCfg(secrets: AirflowSecrets, database?: string): string {
  const keys: Sections = {
    core: { fernet_key: secrets.fernet },
    ...(database === undefined ? {} : { database: { sql_alchemy_conn: database } }),
    api: { secret_key: secrets.api },
    api_auth: { jwt_secret: secrets.jwt },
  };
  const lines = ['# Written at each start of the cluster: changes are lost. Set AIRFLOW__… in .env instead.'];
  for (const section of new Set([...Object.keys(tuned), ...Object.keys(keys)])) {
    lines.push('', `[${section}]`);
    for (const [option, value] of Object.entries({ ...tuned[section], ...keys[section] })) {
      // ConfigParser reads % as the start of an interpolation.
      lines.push(`${option} = ${value.replaceAll('%', '%%')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** What makes it our cluster; none of it secret. A variable of the person's own never changes these. */
function ours(setup: AirflowSetup): Record<string, string> {
  const url = airflowUrl(setup);
  return {
    AIRFLOW_HOME: setup.home,
    AIRFLOW_CONFIG: path.join(setup.home, 'airflow.cfg'),
    AIRFLOW__CORE__EXECUTOR: 'airflow_mesos.executor.MesosExecutor',
    AIRFLOW__CORE__PARALLELISM: String(setup.parallelism),
    AIRFLOW__CORE__DAGS_FOLDER: setup.dagsFolder,
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: executionApiUrl(setup),
    AIRFLOW__CORE__AUTH_MANAGER:
      'airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager',
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS: `${adminName}:admin`,
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'False',
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE: passwordsFile(setup),
    // Four processes write to it: waiting 30 s for the lock instead of SQLite's 5 keeps a busy machine from errors.
    ...(setup.container ? {} : { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: databaseUrl(setup, 30) }),
    AIRFLOW__API__HOST: setup.container ? '0.0.0.0' : '127.0.0.1',
    AIRFLOW__API__PORT: String(setup.container?.listen ?? setup.port),
    AIRFLOW__API__BASE_URL: `${url}/`,
    AIRFLOW__API__WORKERS: '1',
    AIRFLOW__LOGGING__BASE_LOG_FOLDER: path.join(setup.home, 'logs'),
    AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST: localBundle,
    AIRFLOW__MESOS__URL: setup.mesos.url,
    AIRFLOW__MESOS__TOKEN_FILE: setup.mesos.tokenFile,
    AIRFLOW__MESOS__DEPLOYMENT: setup.mesos.deployment,
  };
}

/** The one bundle that Airflow makes of `[core] dags_folder`, written out so that scheduler and tasks agree on it. */
export const localBundle = JSON.stringify([
  { name: 'dags-folder', classpath: 'airflow.dag_processing.bundles.local.LocalDagBundle', kwargs: {} },
]);

/** `lockSeconds`: how long a write waits for another's to end. */
export function databaseUrl(setup: Pick<AirflowSetup, 'home'>, lockSeconds: number): string {
  return `sqlite:///${databaseFile(setup)}?timeout=${lockSeconds}`;
}

export function executionApiUrl(setup: Pick<AirflowSetup, 'port' | 'container'>): string {
  return `${apiServerUrl(setup)}/execution/`;
}

/** Options of airflow.cfg that the person's variables may not touch, in any of the ways that Airflow reads them. */
const secretOptions =
  /^AIRFLOW__(CORE__FERNET_KEY|API__SECRET_KEY|API_AUTH__JWT_SECRET|DATABASE__SQL_ALCHEMY_CONN)(_CMD|_SECRET)?$/;

/** Whether a variable is one of those that make a cluster's Airflow what it is: its folders, keys, database, executor. */
export function isAirflowsOwn(name: string): boolean {
  const option = name.replace(/_(CMD|SECRET)$/, '');
  return secretOptions.test(name) || ownOptions.has(option) || option.startsWith('AIRFLOW__MESOS__');
}

const ownOptions: ReadonlySet<string> = new Set([
  'AIRFLOW_HOME',
  'AIRFLOW_CONFIG',
  'AIRFLOW__CORE__EXECUTOR',
  'AIRFLOW__CORE__DAGS_FOLDER',
  'AIRFLOW__CORE__EXECUTION_API_SERVER_URL',
  'AIRFLOW__CORE__LOAD_EXAMPLES',
  'AIRFLOW__LOGGING__BASE_LOG_FOLDER',
  'AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST',
]);

/** The environment of Airflow's own processes. */
export function airflowEnvironment(setup: AirflowSetup): Record<string, string> {
  const own = ours(setup);
  const variables = personsVariables(setup.variables, own);
  return {
    ...plainEnvironment(setup.env),
    ...platformVariables(setup),
    ...variables,
    ...own,
    PYTHONPATH: pythonPath(setup, variables),
  };
}

/** Of the person's variables, those that Airflow's own processes get: all but the ones that belong to the cluster. */
export function airflowVariables(setup: AirflowSetup): Record<string, string> {
  return personsVariables(setup.variables, { ...ours(setup), PYTHONPATH: setup.pythonPath });
}

/**
 * What a task's process needs to know of Airflow, none of it secret: Mesos shows it to whoever may ask. The person's own
 * variables are not among them; they go with the workload (`taskVariables`).
 */
export function taskEnvironment(setup: AirflowSetup): Record<string, string> {
  return {
    ...platformVariables(setup),
    PYTHONPATH: setup.pythonPath,
    AIRFLOW__CORE__DAGS_FOLDER: setup.dagsFolder,
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: executionApiUrl(setup),
    AIRFLOW__CORE__HOSTNAME_CALLABLE: 'socket.gethostname',
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST: localBundle,
    // The supervisor may sleep this long after its task has ended, and holds the agent's resources meanwhile (default 5).
    AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL: '1',
    // A busy api-server answers late; the default of 5 s makes tasks ask again and keeps it busy.
    AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT: '30',
  };
}

/** Of the person's variables, those that a task gets: all but the ones that belong to the cluster. */
export function taskVariables(setup: AirflowSetup): Record<string, string> {
  return personsVariables(setup.variables, { ...ours(setup), ...taskEnvironment(setup) });
}

function personsVariables(
  variables: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => {
      const option = name.replace(/_(CMD|SECRET)$/, '');
      return !(name in own) && !(option in own) && !secretOptions.test(name);
    }),
  );
}

function pythonPath(setup: AirflowSetup, variables: Readonly<Record<string, string>>): string {
  return [setup.pythonPath, variables.PYTHONPATH].filter((part) => part).join(path.delimiter);
}

function platformVariables(setup: AirflowSetup): Record<string, string> {
  return {
    // Files, output and arguments are UTF-8 whatever the locale: an agent gives tasks none at all.
    PYTHONUTF8: '1',
    PYTHONUNBUFFERED: '1',
    // Airflow forks; macOS ends a forked process that touches Objective-C, as asking for proxies does.
    ...(process.platform === 'darwin' && !setup.container
      ? { OBJC_DISABLE_INITIALIZE_FORK_SAFETY: 'YES' }
      : {}),
  };
}
