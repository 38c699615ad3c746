import path from 'node:path';
import { AirflowClient } from '../../airflow/client.ts';
import { taskEnvironment, taskVariables } from '../../airflow/configuration.ts';
import { adminName, airflowUrl, passwordName } from '../../airflow/setup.ts';
import { secretFiles, type DockerSpec } from '../../api/cluster.ts';
import { networkEnvironment } from '../../host/environment.ts';
import type { ClusterFolder } from '../../host/folders.ts';
import { basicAuthorization } from '../../mesos/authorization.ts';
import { containerSetup } from '../airflowSetup.ts';
import { checksOf } from '../containers/checks.ts';
import { ContainerParts } from '../containers/containerParts.ts';
import { givenSecret } from '../givenSecret.ts';
import { listenInContainer } from '../http/listen.ts';
import { relayCommand } from '../debug/relay.ts';
import { commandLauncher, taskContainer } from '../launcher.ts';
import type { Logger } from '../log.ts';
import type { EngineSide } from './side.ts';

/**
 * The service in a container, beside those of the parts, which Docker keeps running. It has no way to Docker: it knows
 * the parts by what they answer on the cluster's network, and by reports of whoever watches Docker's events.
 */
export async function dockerSide(spec: DockerSpec, folder: ClusterFolder, log: Logger): Promise<EngineSide> {
  const secret = (name: string): Promise<string> => givenSecret(path.join(folder.secrets, name));
  const admin = await secret(secretFiles.admin);
  const airflowToken = await secret(secretFiles.airflow);
  const password = await secret(passwordName);
  const [principal = '', login = ''] = (await secret(secretFiles.mesosCredentials)).split(' ');
  const setup = containerSetup(spec);
  const airflow = new AirflowClient({
    url: spec.airflow.url,
    username: adminName,
    password: () => Promise.resolve(password),
  });
  const parts = new ContainerParts({ parts: spec.parts, checks: checksOf(spec, airflow), log });
  const { run_in: runIn } = spec.tasks;
  const variables = taskVariables(setup);
  return {
    parts,
    doors: {
      admin,
      airflow: { token: airflowToken, deployment: spec.airflow.deployment },
      hosts: [hostOf(spec.service.url)],
    },
    airflow,
    mesos: {
      master: spec.mesos.master_url,
      authorization: basicAuthorization(principal, login),
      agentsMove: true,
      tasksShareAddress: runIn === 'agent',
    },
    shown: {
      master: `http://127.0.0.1:${spec.mesos.master_port}`,
      airflow: airflowUrl(spec.airflow),
      mesos: { distribution: spec.mesos.distribution, why: spec.mesos.why },
    },
    launcher: commandLauncher({
      python: spec.tasks.python,
      environment: taskEnvironment(setup),
      url: spec.service.url,
      ...(runIn === 'container' ? { container: taskContainer(spec) } : {}),
    }),
    debug: {
      // The image has it; a person's own may not, which the copy says.
      prepare: () => Promise.resolve(),
      relay: relayCommand(spec.tasks.python, spec.tasks.python_path),
      ...(runIn === 'container' && spec.mesos.distribution === 'apache' ? { lack: containerTasks } : {}),
    },
    taskVariables: {
      ...variables,
      // No proxy of the person's knows what is on the cluster's network.
      ...networkEnvironment({ ...process.env, ...variables }, [
        hostOf(spec.service.url),
        hostOf(spec.airflow.url),
      ]),
    },
    open: async (handler) => {
      const listener = await listenInContainer(handler, spec.service.listen);
      return {
        url: `http://127.0.0.1:${spec.service.port}`,
        told: `port ${spec.service.listen} of all addresses`,
        close: () => listener.close(),
      };
    },
    report: (part, report) => parts.report(part, report),
  };
}

const containerTasks = {
  error: 'Tasks of this cluster cannot be debugged',
  why: "each runs in a Docker container of its own, where Apache's Mesos lets nobody in beside it",
  next: 'Set up a cluster whose tasks run in the agents (--tasks agent), or one with our Mesos (--mesos dev).',
};

function hostOf(url: string): string {
  return new URL(url).hostname;
}
