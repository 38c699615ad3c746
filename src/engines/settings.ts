import { isDeepStrictEqual } from 'node:util';
import type { ClusterSpec } from '../api/cluster.ts';
import { ExplainedError } from '../host/errors.ts';
import type { SecretReference } from '../host/secretReference.ts';

/** What a person may choose of an embedded cluster; what is left out keeps its last value, or takes the default. */
export interface ClusterSettings {
  readonly agents?: number;
  /** Cores of each agent, as Mesos offers them. */
  readonly cpus?: number;
  /** Memory of each agent in megabytes (2^20 bytes). */
  readonly mem?: number;
  readonly dagsFolder?: string;
  /** Of an embedded cluster: seconds of idleness after which it ends itself; 0: never. */
  readonly idleStop?: number;
  /** Variables of Airflow and its tasks whose values are kept elsewhere, by their names. */
  readonly secrets?: Readonly<Record<string, SecretReference>>;
}

export interface Range {
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
  readonly unit: string;
  /** The value where none is chosen. */
  readonly usual: number;
}

/** The numbers that can be set, with their limits. Each agent is a process: some dozens are what one machine carries. */
export const ranges = {
  agents: { least: 1, most: 32, whole: true, unit: 'agents', usual: 2 },
  cpus: { least: 0.1, most: 512, whole: false, unit: 'cpus', usual: 4 },
  mem: { least: 128, most: 4_194_304, whole: true, unit: 'MB', usual: 4096 },
  /** `never` apart. */
  idleStop: { least: 0.01, most: 10_080, whole: false, unit: 'minutes', usual: 60 },
} as const satisfies Record<string, Range>;

/** Disk of each agent in megabytes, as Mesos offers it; nothing is set aside. */
export const agentDisk = 10_240;

/** A task's resources where it asks for none of its own: cores and megabytes. */
export const defaultTaskResources = { cpus: 1, mem: 512, disk: 0, gpus: 0 } as const;

/** A setting that is not a number, or outside its range. */
export class SettingError extends ExplainedError {
  readonly setting: string;

  constructor(setting: string, given: string, range: Range) {
    const kind = range.whole ? 'a whole number' : 'a number';
    super(`${setting} cannot be ${given}`, {
      why: `it must be ${kind} from ${range.least} to ${range.most} (${range.unit})`,
      next: `Without it, ${range.usual} is taken.`,
    });
    this.name = 'SettingError';
    this.setting = setting;
  }
}

/** Checks a number against its range. `shown` is how the person wrote it, for the error. */
export function checkRange(setting: string, value: number, range: Range, shown = String(value)): number {
  const fits = Number.isFinite(value) && value >= range.least && value <= range.most;
  if (!fits || (range.whole && !Number.isInteger(value))) throw new SettingError(setting, shown, range);
  return value;
}

/** Checks all numbers that are set. */
export function checkSettings(settings: ClusterSettings): void {
  for (const setting of ['agents', 'cpus', 'mem'] as const) {
    const value = settings[setting];
    if (value !== undefined) checkRange(setting, value, ranges[setting]);
  }
}

const clusterName = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** Thrown where a cluster's name cannot be one: it becomes a folder and part of process titles. */
export class ClusterNameError extends ExplainedError {
  constructor(given: string) {
    super(`A cluster cannot be called ${JSON.stringify(given)}`, {
      why: 'its name becomes a folder: lower-case letters, digits and dashes, beginning with a letter or digit, at most 31 characters',
      next: 'Choose another one with --name.',
    });
    this.name = 'ClusterNameError';
  }
}

/** Returns the name if a cluster can have it. */
export function checkName(name: string): string {
  if (!clusterName.test(name)) throw new ClusterNameError(name);
  return name;
}

/** The references as they are set now, or else were before. */
export function secretsOf(
  settings: ClusterSettings,
  before: ClusterSpec | undefined,
): Record<string, SecretReference> {
  return { ...(settings.secrets ?? before?.airflow.secrets) };
}

/** A sentence where other secrets are set now than a running cluster has. */
export function secretsDifference(settings: ClusterSettings, running: ClusterSpec): string[] {
  if (!settings.secrets || isDeepStrictEqual(settings.secrets, running.airflow.secrets ?? {})) return [];
  const names = Object.keys(running.airflow.secrets ?? {});
  return [
    `The secrets are not changed: the running cluster has ${names.length === 0 ? 'none' : names.join(', ')}. They are taken when it is started again.`,
  ];
}
