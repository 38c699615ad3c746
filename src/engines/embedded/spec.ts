import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { usualIdleStop, type EmbeddedSpec } from '../../api/cluster.ts';
import { readIfThere, writePrivateFile } from '../../host/files.ts';
import type { ClusterFolder } from '../../host/folders.ts';
import type { Installation } from './installation.ts';
import type { ClusterPorts } from '../ports.ts';
import {
  agentDisk,
  defaultTaskResources,
  ranges,
  secretsDifference,
  secretsOf,
  type ClusterSettings,
} from '../settings.ts';

/** What a spec is made of, beside what the person set. */
export interface SpecParts {
  readonly name: string;
  readonly settings: ClusterSettings;
  /** What it was the last time; what is not set now stays so. */
  readonly before: EmbeddedSpec | undefined;
  readonly ports: ClusterPorts;
  readonly installation: Installation;
  readonly node: string;
  readonly python: string;
  readonly airflowVersion: string;
  readonly dagsFolder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly now: number;
}

export function agentCount(settings: ClusterSettings, before: EmbeddedSpec | undefined): number {
  return settings.agents ?? before?.mesos.agents.length ?? ranges.agents.usual;
}

export function makeSpec(parts: SpecParts): EmbeddedSpec {
  const { name, settings, before, ports, installation, now } = parts;
  const agentBefore = before?.mesos.agents[0];
  const cpus = settings.cpus ?? agentBefore?.cpus ?? ranges.cpus.usual;
  const mem = settings.mem ?? agentBefore?.mem ?? ranges.mem.usual;
  return {
    format: 1,
    name,
    engine: 'embedded',
    created: before?.created ?? now,
    ...(before?.journal ? { journal: before.journal } : {}),
    service: {
      port: ports.service,
      program: installation.service,
      node: parts.node,
      ...idleStopOf(settings, before),
    },
    mesos: {
      program: installation.devmesos,
      master_port: ports.master,
      agents: ports.agents.map((port, index) => ({
        name: `agent-${index + 1}`,
        port,
        cpus,
        mem,
        disk: agentDisk,
      })),
    },
    framework: {
      name: 'airflow',
      role: '*',
      user: os.userInfo().username,
      default_resources: defaultTaskResources,
    },
    airflow: {
      deployment: before?.airflow.deployment ?? randomUUID(),
      python: parts.python,
      version: parts.airflowVersion,
      port: ports.airflow,
      dags_folder: parts.dagsFolder,
      env: parts.env,
      secrets: secretsOf(settings, before),
    },
  };
}

function idleStopOf(
  { idleStop }: ClusterSettings,
  before: EmbeddedSpec | undefined,
): Pick<EmbeddedSpec['service'], 'idle_stop'> {
  const seconds = idleStop ?? before?.service.idle_stop;
  return seconds === undefined ? {} : { idle_stop: seconds };
}

export async function writeSpec(folder: ClusterFolder, spec: EmbeddedSpec): Promise<void> {
  await writePrivateFile(folder.spec, `${JSON.stringify(spec, null, 2)}\n`);
}

/** As `up --idle-stop` takes it. */
function idleStopText(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined;
  return seconds === 0 ? 'never' : String(seconds / 60);
}

/** What was set now and is otherwise in a running cluster, a sentence each. */
export function differences(settings: ClusterSettings, running: EmbeddedSpec): string[] {
  const [agent] = running.mesos.agents;
  const pairs: [string, string | number | undefined, string | number | undefined][] = [
    ['agents', settings.agents, running.mesos.agents.length],
    ['cpus', settings.cpus, agent?.cpus],
    ['mem', settings.mem, agent?.mem],
    ['dags', settings.dagsFolder && path.resolve(settings.dagsFolder), running.airflow.dags_folder],
    ['idle-stop', idleStopText(settings.idleStop), idleStopText(running.service.idle_stop ?? usualIdleStop)],
  ];
  const notices = pairs
    .filter(([, wanted, has]) => wanted !== undefined && wanted !== has)
    .map(
      ([setting, wanted, has]) => `--${setting} ${wanted} is not applied: the running cluster has ${has}.`,
    );
  return [...notices, ...secretsDifference(settings, running)];
}

/** The installations (root folders) that these specs name; read as text, so that one of another version counts too. */
export async function usedInstallations(specFiles: readonly string[]): Promise<Set<string>> {
  const used = new Set<string>();
  for (const file of specFiles) {
    const text = (await readIfThere(file)) ?? '';
    for (const [program] of text.matchAll(/"[^"]*service\.cjs"/g)) {
      used.add(path.dirname(program.slice(1, -1)));
    }
  }
  return used;
}
