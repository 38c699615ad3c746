import path from 'node:path';
import { AirflowClient } from '../airflow/client.ts';
import { airflowSecrets } from '../airflow/secrets.ts';
import { adminName, airflowUrl, type AirflowSetup } from '../airflow/setup.ts';
import { secretFiles, type DockerSpec, type EmbeddedSpec } from '../api/cluster.ts';
import type { ClusterFolder } from '../host/folders.ts';

/** Tasks that Airflow keeps going at once: enough that what waits is seen to wait for Mesos and not for Airflow. */
const leastParallelism = 32;

/** How Airflow of an embedded cluster is run. `secrets`: the values of `spec.airflow.secrets`. */
export function airflowSetup(
  spec: EmbeddedSpec,
  folder: ClusterFolder,
  secrets: Readonly<Record<string, string>>,
): AirflowSetup {
  const cpus = spec.mesos.agents.reduce((sum, agent) => sum + agent.cpus, 0);
  const slots = cpus / Math.max(spec.framework.default_resources.cpus, 0.1);
  return {
    python: spec.airflow.python,
    version: spec.airflow.version,
    home: folder.airflow,
    secretsFolder: folder.secrets,
    port: spec.airflow.port,
    dagsFolder: spec.airflow.dags_folder,
    pythonPath: path.join(path.dirname(spec.service.program), 'python'),
    mesos: {
      url: `http://127.0.0.1:${spec.service.port}`,
      tokenFile: path.join(folder.secrets, secretFiles.airflow),
      deployment: spec.airflow.deployment,
    },
    parallelism: Math.max(leastParallelism, Math.ceil(slots * 2)),
    variables: { ...spec.airflow.env, ...secrets },
  };
}

/**
 * As much of the set-up of Airflow in containers as tasks are told of. The engine runs the components themselves, with
 * folders and settings that the service has no need to know.
 */
export function containerSetup(spec: DockerSpec): AirflowSetup {
  return {
    python: spec.tasks.python,
    version: spec.airflow.version,
    home: '',
    secretsFolder: '',
    port: spec.airflow.port,
    container: { url: spec.airflow.url, listen: Number(new URL(spec.airflow.url).port) },
    dagsFolder: spec.tasks.dags_folder,
    pythonPath: spec.tasks.python_path,
    mesos: { url: spec.service.url, tokenFile: '', deployment: spec.airflow.deployment },
    parallelism: leastParallelism,
    variables: spec.airflow.env,
  };
}

export function airflowClient(setup: AirflowSetup): AirflowClient {
  return new AirflowClient({
    url: airflowUrl(setup),
    username: adminName,
    password: async () => (await airflowSecrets(setup)).password,
  });
}
