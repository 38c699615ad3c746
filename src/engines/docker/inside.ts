/** Paths and ports inside the containers of a cluster: the same in every one, so that parts can name them to each other. */
export const inside = {
  /** The service's cluster folder (src/host/folders.ts), on the volume `state`. */
  state: '/var/lib/mesos-airflow',
  /** AIRFLOW_HOME, on the volume `airflow`: configuration with secrets, logs. */
  airflow: '/var/lib/airflow',
  /** On the volume `database`; its `data` is PGDATA. */
  database: '/var/lib/postgresql/data',
  /** What master and agents know each other by, on the volume `mesos`. Root alone can read it. */
  mesos: '/etc/mesos-airflow',
  /** An agent's work folder where tasks run in the agent's container, on the volume `agent-N`. */
  agentWork: '/var/lib/mesos',
  /** The person's DAG folder, mounted read-only. */
  dags: '/opt/mesos-airflow/dags',
  ports: { master: 5050, agent: 5051, airflow: 8080, service: 7411, database: 5432 },
} as const;

/** Names of the parts that are always there; agents are `agent-1`, `agent-2`, … */
export const partNames = {
  database: 'database',
  master: 'mesos-master',
  service: 'service',
} as const;

/** The part on a cluster's volumes and network that is no container's own. */
export const volumeNames = {
  state: 'state',
  airflow: 'airflow',
  database: 'database',
  mesos: 'mesos',
} as const;
export const networkName = 'network';
