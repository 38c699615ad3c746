import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { componentNames } from '../../airflow/components.ts';
import type { DockerSpec, PartCheck } from '../../api/cluster.ts';
import type { ClusterPorts } from '../ports.ts';
import { agentDisk, defaultTaskResources, ranges, secretsDifference, secretsOf } from '../settings.ts';
import { inside, networkName, partNames } from './inside.ts';
import { resourceName } from './labels.ts';
import { usualAgentMemory } from './limits.ts';
import type { DockerSettings } from './settings.ts';

/** An image that is there. */
export interface ChosenImage {
  /** What containers are made from, and what a person is shown. */
  readonly image: string;
  readonly id: string;
}

/** Where an image has the Python that runs Airflow, and our package for it. */
export interface PythonPlace {
  readonly python: string;
  readonly pythonPath: string;
}

/** What a spec is made of, beside what the person set. */
export interface SpecParts {
  readonly name: string;
  /** With all that was set before and is not set otherwise now. */
  readonly settings: DockerSettings;
  /** What it was the last time. */
  readonly before: DockerSpec | undefined;
  readonly ports: Pick<ClusterPorts, 'service' | 'master' | 'airflow'>;
  readonly engineMemoryMb: number;
  readonly mesos: Pick<DockerSpec['mesos'], 'distribution' | 'why' | 'preset'>;
  readonly airflow: ChosenImage & PythonPlace & { readonly version: string };
  /** Where agents that run tasks themselves have Airflow. */
  readonly agentPython: PythonPlace;
  readonly serviceImage: string;
  /** Master and agents, with the part in whose container each is, and where it answers once it is in order. */
  readonly mesosParts: readonly {
    readonly name: string;
    readonly container: string;
    readonly health: string;
  }[];
  readonly dagsFolder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly now: number;
}

/** As whom tasks run. */
export const taskUser = 'airflow';

export interface Agent {
  readonly name: string;
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
}

/** The agents by what was set now or before; where nobody said, as large as this Docker Engine carries. */
export function agentsOf(
  settings: DockerSettings,
  before: DockerSpec | undefined,
  engineMemoryMb: number,
): Agent[] {
  const agentBefore = before?.mesos.agents[0];
  const count = settings.agents ?? before?.mesos.agents.length ?? ranges.agents.usual;
  const cpus = settings.cpus ?? agentBefore?.cpus ?? ranges.cpus.usual;
  const mem = settings.mem ?? agentBefore?.mem ?? usualAgentMemory(engineMemoryMb, count);
  return Array.from({ length: count }, (_, index) => ({
    name: `agent-${index + 1}`,
    cpus,
    mem,
    disk: agentDisk,
  }));
}

export function makeSpec(parts: SpecParts): DockerSpec {
  const { name, settings, before, ports, airflow, now } = parts;
  const runIn = settings.tasks ?? 'agent';
  const taskPlace = runIn === 'agent' ? parts.agentPython : airflow;
  return {
    format: 1,
    name,
    engine: 'docker',
    created: before?.created ?? now,
    ...(before?.journal ? { journal: before.journal } : {}),
    service: {
      port: ports.service,
      url: `http://${partNames.service}:${inside.ports.service}`,
      listen: inside.ports.service,
      image: parts.serviceImage,
    },
    mesos: {
      distribution: parts.mesos.distribution,
      why: parts.mesos.why,
      preset: parts.mesos.preset,
      master_port: ports.master,
      master_url: `http://${partNames.master}:${inside.ports.master}`,
      agents: agentsOf(settings, before, parts.engineMemoryMb),
    },
    framework: { name: 'airflow', role: '*', user: taskUser, default_resources: defaultTaskResources },
    tasks: {
      run_in: runIn,
      image: airflow.image,
      network: resourceName(name, networkName),
      python: taskPlace.python,
      python_path: taskPlace.pythonPath,
      dags_folder: inside.dags,
    },
    airflow: {
      deployment: before?.airflow.deployment ?? randomUUID(),
      python: airflow.python,
      version: airflow.version,
      port: ports.airflow,
      dags_folder: parts.dagsFolder,
      env: parts.env,
      secrets: secretsOf(settings, before),
      url: `http://api-server:${inside.ports.airflow}`,
      image: airflow.image,
    },
    parts: partsOf(parts),
  };
}

function partsOf({ name, mesosParts }: SpecParts): DockerSpec['parts'] {
  const part = (each: string, check: PartCheck, container = each): DockerSpec['parts'][number] => ({
    name: each,
    container: resourceName(name, container),
    check,
  });
  return [
    part(partNames.database, { kind: 'tcp', host: partNames.database, port: inside.ports.database }),
    ...mesosParts.map((each) => part(each.name, { kind: 'http', url: each.health }, each.container)),
    ...componentNames.map((component) => part(component, { kind: 'airflow', component, host: component })),
  ];
}

/** The spec as it stands in a label: without the person's variables, which may be secret. */
export function specLabel(spec: DockerSpec): string {
  return JSON.stringify({ ...spec, airflow: { ...spec.airflow, env: {} } });
}

/** Settings that `settingsBefore` keeps; the others stand in the spec by what came of them. */
const kept = [
  'distribution',
  'mesosPreset',
  'masterImage',
  'agentImage',
  'platform',
  'airflowImage',
  'pythonImage',
  'nodeImage',
  'databaseImage',
  'tasks',
  'buildNetwork',
] as const satisfies readonly (keyof DockerSettings)[];

/** What the person has set of images and Mesos, for the label that keeps it for the next start. */
export function settingsLabel(settings: DockerSettings): string {
  return JSON.stringify(Object.fromEntries(kept.map((name) => [name, settings[name]])));
}

/** What is set now, and for the rest what was set before (`label`). An empty text sets a default again. */
export function withSettingsBefore(now: DockerSettings, label: string | undefined): DockerSettings {
  const before = label === undefined ? {} : settingsIn(label);
  const isSet = ([, value]: [string, unknown]): boolean => value !== undefined;
  const merged = { ...before, ...Object.fromEntries(Object.entries(now).filter(isSet)) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}

function settingsIn(label: string): DockerSettings {
  let value: unknown;
  try {
    value = JSON.parse(label);
  } catch {
    // Of another version, or made by hand: what counts more stands in the spec.
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      ([name, text]) => typeof text === 'string' && (kept as readonly string[]).includes(name),
    ),
  );
}

/** What was set now and is otherwise in a running cluster, a sentence each. `label`: the settings that it was started with. */
export function differences(
  settings: DockerSettings,
  running: DockerSpec,
  label: string | undefined,
): string[] {
  const runningSettings = withSettingsBefore({}, label);
  const [agent] = running.mesos.agents;
  const pairs: [string, string | number | undefined, string | number | undefined][] = [
    ['agents', settings.agents, running.mesos.agents.length],
    ['cpus', settings.cpus, agent?.cpus],
    ['mem', settings.mem, agent?.mem],
    ['dags', settings.dagsFolder && path.resolve(settings.dagsFolder), running.airflow.dags_folder],
    ['tasks', settings.tasks, running.tasks.run_in],
    [
      'mesos',
      settings.distribution === 'auto' ? undefined : settings.distribution,
      running.mesos.distribution,
    ],
    ['airflow-image', settings.airflowImage, runningSettings.airflowImage ?? 'one that was built for it'],
  ];
  const notices = pairs
    .filter(([, wanted, has]) => wanted !== undefined && wanted !== has)
    .map(
      ([setting, wanted, has]) => `--${setting} ${wanted} is not applied: the running cluster has ${has}.`,
    );
  return [...notices, ...secretsDifference(settings, running)];
}
