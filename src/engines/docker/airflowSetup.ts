import { secretFiles, type DockerSpec } from '../../api/cluster.ts';
import type { AirflowSetup } from '../../airflow/setup.ts';
import { inside } from './inside.ts';
import type { PythonPlace } from './spec.ts';

/** Tasks that Airflow keeps going at once: enough that what waits is seen to wait for Mesos and not for Airflow. */
const leastParallelism = 32;

/** How Airflow's components run in their containers. The person's variables go in a file: see airflowFiles.ts. */
export function airflowSetup(spec: DockerSpec, image: PythonPlace): AirflowSetup {
  const cpus = spec.mesos.agents.reduce((sum, agent) => sum + agent.cpus, 0);
  const slots = cpus / Math.max(spec.framework.default_resources.cpus, 0.1);
  return {
    python: image.python,
    version: spec.airflow.version,
    home: inside.airflow,
    secretsFolder: inside.airflow,
    port: spec.airflow.port,
    container: { url: spec.airflow.url, listen: inside.ports.airflow },
    dagsFolder: inside.dags,
    pythonPath: image.pythonPath,
    mesos: {
      url: spec.service.url,
      tokenFile: `${inside.airflow}/${secretFiles.airflow}`,
      deployment: spec.airflow.deployment,
    },
    parallelism: Math.max(leastParallelism, Math.ceil(slots * 2)),
    variables: {},
    // Nothing of this machine's environment: its paths and proxies mean nothing in a container.
    env: {},
  };
}
