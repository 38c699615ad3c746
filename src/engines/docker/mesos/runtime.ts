/** Where an agent's image of Apache's Mesos holds Airflow (cluster/mesos/relocate.py). */
export const agentRuntime = {
  root: '/opt/mesos-airflow/runtime',
  python: '/opt/mesos-airflow/runtime/bin/python',
  /** The folder of the module airflow_mesos. */
  pythonPath: '/opt/mesos-airflow/runtime/python',
  /** Holds the agent: waits for the master, starts the agent again where the master's address changes. */
  agentScript: '/opt/mesos-airflow/agent.py',
} as const;
