/** Labels of a task's container, beside those that the task asks for: by the agent's id a later process of it finds them. */
export const taskLabels = {
  agent: 'mesos-airflow.agent-id',
  framework: 'mesos-airflow.framework-id',
  task: 'mesos-airflow.task-id',
} as const;
