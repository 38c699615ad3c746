import type { Launcher } from '../framework/types.ts';

export interface LauncherOptions {
  /** The environment's interpreter. */
  readonly python: string;
  /** What the task's process needs to know of Airflow; nothing secret, Mesos shows it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The service's address for tasks. */
  readonly url: string;
}

/** Airflow's supervisor ends its task and writes the log down: it gets longer than Mesos' 3 s between TERM and KILL. */
const killGraceSeconds = 20;

/** A command task: the interpreter runs airflow_mesos.task, which redeems the ticket before all else. No shell. */
export function commandLauncher(options: LauncherOptions): Launcher {
  const { python, environment, url } = options;
  return ({ request, ticket }) => {
    const { dag_id, task_id, map_index } = request.key;
    const variables = { ...environment, MESOS_AIRFLOW_URL: url, MESOS_AIRFLOW_TICKET: ticket };
    return {
      name: `${dag_id}.${task_id}${map_index < 0 ? '' : `[${map_index}]`}`,
      command: {
        shell: false,
        value: python,
        arguments: [python, '-m', 'airflow_mesos.task'],
        environment: { variables: Object.entries(variables).map(([name, value]) => ({ name, value })) },
      },
      kill_policy: { grace_period: { nanoseconds: killGraceSeconds * 1e9 } },
    };
  };
}
