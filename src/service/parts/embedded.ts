import path from 'node:path';
import type { AirflowClient } from '../../airflow/client.ts';
import { airflowComponents } from '../../airflow/components.ts';
import { componentCheck } from '../../airflow/health.ts';
import { prepareAirflow } from '../../airflow/prepare.ts';
import type { AirflowSetup } from '../../airflow/setup.ts';
import { secretFiles, type EmbeddedSpec } from '../../api/cluster.ts';
import { plainEnvironment } from '../../host/environment.ts';
import type { ClusterFolder } from '../../host/folders.ts';
import { httpCheck, type PartPlan } from './plan.ts';
import { sharedWork } from './sharedWork.ts';

/** Where an embedded cluster's master is. */
export function masterUrl(spec: EmbeddedSpec): string {
  return `http://127.0.0.1:${spec.mesos.master_port}`;
}

/** The parts of an embedded cluster in the order of their start. Mesos and Airflow come up side by side. */
export function embeddedPlans(
  spec: EmbeddedSpec,
  folder: ClusterFolder,
  setup: AirflowSetup,
  airflow: AirflowClient,
): PartPlan[] {
  return [...mesosPlans(spec, folder), ...airflowPlans(folder, setup, airflow)];
}

function mesosPlans(spec: EmbeddedSpec, folder: ClusterFolder): PartPlan[] {
  const secretFile = path.join(folder.secrets, secretFiles.mesos);
  const credentials = path.join(folder.secrets, secretFiles.mesosCredentials);
  const plan = (
    name: string,
    port: number,
    args: readonly string[],
  ): Omit<PartPlan, 'dependsOn' | 'stage'> => ({
    name,
    command: spec.service.node,
    args: [
      ...[spec.mesos.program, ...args, '--port', String(port)],
      ...['--secret-file', secretFile, '--credentials', credentials],
    ],
    // The editor's executable is a Node only with this variable; a plain Node does not mind it.
    env: { ...plainEnvironment(), ELECTRON_RUN_AS_NODE: '1' },
    cwd: folder.mesos,
    logFile: path.join(folder.logs, `${name}.log`),
    check: httpCheck(`http://127.0.0.1:${port}/health`),
    readyLimitMs: 30_000,
    graceMs: 8000,
  });
  const master = plan('mesos-master', spec.mesos.master_port, [
    'master',
    '--work-dir',
    path.join(folder.mesos, 'master'),
  ]);
  return [
    { ...master, dependsOn: [], stage: 0 },
    ...spec.mesos.agents.map(({ name, port, cpus, mem, disk }) => ({
      ...plan(name, port, [
        'agent',
        '--name',
        name,
        '--master',
        masterUrl(spec),
        '--work-dir',
        path.join(folder.mesos, name),
        '--resources',
        `cpus:${cpus};mem:${mem};disk:${disk}`,
        '--attributes',
        `name:${name}`,
        '--terminal-python',
        spec.airflow.python,
      ]),
      dependsOn: ['mesos-master'],
      stage: 1,
    })),
  ];
}

function airflowPlans(folder: ClusterFolder, setup: AirflowSetup, airflow: AirflowClient): PartPlan[] {
  // Once for all four: configuration and the migrated database.
  const prepare = sharedWork((report, signal) => prepareAirflow(setup, { onProgress: report, signal }));
  return airflowComponents(setup).map((component) => {
    const check = componentCheck(component.name, airflow);
    return {
      name: component.name,
      command: component.command,
      args: component.args,
      env: component.env,
      cwd: component.cwd,
      logFile: path.join(folder.logs, `${component.name}.log`),
      dependsOn: component.dependsOn,
      stage: 2,
      prepare,
      check: (life, signal) => check(life.startedAt, signal),
      // Python's imports on a busy machine, with bytecode not yet written.
      readyLimitMs: 180_000,
      // Now and then the triggerer waits for its own subprocess until it is killed; it holds nothing that is lost.
      graceMs: component.name === 'triggerer' ? 3000 : 10_000,
    };
  });
}
