import { clusterLabel, partLabel, type DockerSpec } from '../api/cluster.ts';
import { debugDeployment, type Launcher, type LaunchParts } from '../framework/types.ts';
import type { CommandInfo, ContainerInfo } from '../mesos/types.ts';

export interface LauncherOptions {
  /** The environment's interpreter, where tasks run. */
  readonly python: string;
  /** What the task's process needs to know of Airflow; nothing secret, Mesos shows it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The service's address for tasks. */
  readonly url: string;
  /** The folder of debugpy, for debug copies, where it is not in the environment. */
  readonly debugger?: string;
  /** Each task in a container of its own; without it they run as processes of their agent. */
  readonly container?: ContainerInfo;
}

/** Airflow's supervisor ends its task and writes the log down: it gets longer than Mesos' 3 s between TERM and KILL. */
const killGraceSeconds = 20;

const taskModule = ['-m', 'airflow_mesos.task'];
const debugModule = ['-m', 'airflow_mesos.debug'];

/** A command task: the interpreter runs airflow_mesos.task, which redeems the ticket before all else. No shell. */
export function commandLauncher(options: LauncherOptions): Launcher {
  const { container, environment, python, url } = options;
  return ({ request, ticket }): LaunchParts => {
    const { dag_id, task_id, map_index } = request.key;
    const isCopy = request.deployment === debugDeployment;
    const variables = {
      ...environment,
      MESOS_AIRFLOW_URL: url,
      MESOS_AIRFLOW_TICKET: ticket,
      ...(isCopy && options.debugger ? { MESOS_AIRFLOW_DEBUGGER: options.debugger } : {}),
    };
    const module = isCopy ? debugModule : taskModule;
    const task = `${task_id}${map_index < 0 ? '' : `[${map_index}]`}`;
    const command: CommandInfo = {
      shell: false,
      value: python,
      // Mesos' own containerizer takes these for argv, argv[0] included; Docker's puts them behind the program.
      arguments: container ? module : [python, ...module],
      environment: { variables: Object.entries(variables).map(([name, value]) => ({ name, value })) },
    };
    return {
      name: isCopy ? `debug:${dag_id}/${task}` : `${dag_id}.${task}`,
      command,
      ...(container ? { container } : {}),
      kill_policy: { grace_period: { nanoseconds: killGraceSeconds * 1e9 } },
    };
  };
}

/**
 * The Docker container of a task: the Airflow image on the cluster's network, with the DAG folder of the person's machine,
 * and labels by which `mesos-airflow delete` finds it when its agent is gone.
 */
export function taskContainer(spec: DockerSpec): ContainerInfo {
  const { dags_folder, image, network } = spec.tasks;
  return {
    type: 'DOCKER',
    volumes: [{ container_path: dags_folder, host_path: spec.airflow.dags_folder, mode: 'RO' }],
    network_infos: [{ name: network }],
    docker: {
      image,
      network: 'USER',
      privileged: false,
      // It was built here: no registry has it.
      force_pull_image: false,
      parameters: [
        { key: 'label', value: `${clusterLabel}=${spec.name}` },
        { key: 'label', value: `${partLabel}=task` },
      ],
    },
  };
}
