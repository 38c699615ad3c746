import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { taskEnvironment, taskVariables } from '../../airflow/configuration.ts';
import { ensureDebugger, keptDebugger, type DebuggerOptions } from '../../airflow/environment/debugger.ts';
import { airflowUrl } from '../../airflow/setup.ts';
import { secretFiles, type EmbeddedSpec } from '../../api/cluster.ts';
import { networkEnvironment } from '../../host/environment.ts';
import { makePrivateFolder, secretIn } from '../../host/files.ts';
import { userFolders, type ClusterFolder } from '../../host/folders.ts';
import { resolveWhatCanBe, type SecretUnavailable } from '../../host/secretReference.ts';
import { airflowClient, airflowSetup } from '../airflowSetup.ts';
import { relayCommand } from '../debug/relay.ts';
import type { Doors } from '../http/doors.ts';
import { listenBoth, socketPath } from '../http/listen.ts';
import { commandLauncher } from '../launcher.ts';
import type { Logger } from '../log.ts';
import { mesosAuthorization } from '../mesosCredentials.ts';
import { embeddedPlans, masterUrl } from '../parts/embedded.ts';
import { Supervisor } from '../parts/supervisor.ts';
import { writeRuntime } from '../runtime.ts';
import { keepLogsSmall } from '../smallLogs.ts';
import type { EngineSide } from './side.ts';

/** The service as a process of this machine, which watches over the parts: processes too, all on loopback. */
export async function embeddedSide(
  spec: EmbeddedSpec,
  folder: ClusterFolder,
  log: Logger,
): Promise<EngineSide> {
  for (const each of [folder.secrets, folder.logs, folder.mesos, folder.airflow])
    await makePrivateFolder(each);
  const { secrets, missing } = await resolveWhatCanBe(spec.airflow.secrets ?? {}, { env: process.env });
  for (const { message, why } of missing) log.error(`${message}: ${why ?? ''}`);
  const setup = airflowSetup(spec, folder, secrets);
  const airflow = airflowClient(setup);
  const supervisor = await Supervisor.open({
    plans: embeddedPlans(spec, folder, setup, airflow),
    file: folder.parts,
    clusterRoot: folder.root,
    log,
  });
  const debugging = await debuggerOf(spec);
  return {
    parts: supervisor,
    doors: await doorsOf(spec, folder),
    airflow,
    mesos: {
      master: masterUrl(spec),
      authorization: await mesosAuthorization(folder),
      agentsMove: false,
      tasksShareAddress: true,
    },
    shown: { master: masterUrl(spec), airflow: airflowUrl(setup) },
    ...(missing[0] ? { trouble: missingSecret(missing[0]) } : {}),
    launcher: commandLauncher({
      python: spec.airflow.python,
      environment: taskEnvironment(setup),
      url: setup.mesos.url,
      ...(debugging ? { debugger: debugging.folder } : {}),
    }),
    debug: {
      prepare: async (signal) => {
        if (debugging) await ensureDebugger({ ...debugging, signal });
      },
      relay: relayCommand(setup.python, setup.pythonPath),
    },
    taskVariables: { ...networkEnvironment(), ...taskVariables(setup) },
    open: async (handler) => {
      const socket = socketPath(userFolders(), folder.root);
      const listeners = await listenBoth(handler, { socket, port: spec.service.port });
      await writeRuntime(folder, listeners);
      await fs.rm(folder.stopped, { force: true });
      const logs = supervisor.views().map((part) => part.log);
      const stopTrimming = keepLogsSmall([path.join(folder.logs, 'service.log'), ...logs], log);
      return {
        url: listeners.url,
        told: `${listeners.url} and ${listeners.socket}`,
        close: async () => {
          stopTrimming();
          await listeners.close();
        },
      };
    },
    bringDown: async () => {
      await supervisor.end();
      await fs.rm(folder.runtime, { force: true });
    },
  };
}

/** Where debugpy comes to lie; undefined in an installation that has no lock of it. */
async function debuggerOf({
  airflow,
  service,
}: EmbeddedSpec): Promise<(DebuggerOptions & { readonly folder: string }) | undefined> {
  const lockFile = path.join(path.dirname(service.program), 'locks', 'debug.txt');
  if (!existsSync(lockFile)) return undefined;
  const options = { python: airflow.python, lockFile, cacheFolder: userFolders().cache };
  return { ...options, folder: await keptDebugger(options) };
}

/** It was there when the cluster was started; parts that live have it still. */
function missingSecret({ message, why, next }: SecretUnavailable): string {
  return `${message}: ${why ?? ''}. Parts that are started from now on, and tasks, go without it. ${next ?? ''}`;
}

/** Its tokens are made at the first start. */
async function doorsOf(spec: EmbeddedSpec, folder: ClusterFolder): Promise<Doors> {
  const secret = (name: string): Promise<string> => secretIn(path.join(folder.secrets, name));
  return {
    admin: await secret(secretFiles.admin),
    airflow: { token: await secret(secretFiles.airflow), deployment: spec.airflow.deployment },
  };
}
