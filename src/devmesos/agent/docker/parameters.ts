import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { Parameter } from '../../../mesos/types.ts';
import { RunOptionsError } from './errors.ts';

/** What options of `docker run` can change of a container. */
export interface Changeable {
  readonly env: Map<string, string>;
  readonly labels: Map<string, string>;
  readonly create: ContainerCreateOptions;
  readonly host: HostConfig;
}

type Apply = (to: Changeable, value: string, key: string) => void;

/** Options without a value of their own are given as `true`, or as nothing. */
const flag =
  (set: (to: Changeable, on: boolean) => void): Apply =>
  (to, value, key) => {
    if (!['', 'true', 'false'].includes(value)) throw new RunOptionsError(`--${key} is true or false`);
    set(to, value !== 'false');
  };

const known: Readonly<Record<string, Apply>> = {
  'add-host': ({ host }, value) => (host.ExtraHosts = [...((host.ExtraHosts ?? []) as string[]), value]),
  'cap-drop': ({ host }, value) => (host.CapDrop = [...((host.CapDrop ?? []) as string[]), value]),
  'cpu-shares': ({ host }, value, key) => (host.CpuShares = numberOf(value, key)),
  cpus: ({ host }, value, key) => (host.NanoCpus = Math.round(numberOf(value, key) * 1e9)),
  dns: ({ host }, value) => (host.Dns = [...((host.Dns ?? []) as string[]), value]),
  'dns-option': ({ host }, value) => (host.DnsOptions = [...((host.DnsOptions ?? []) as string[]), value]),
  'dns-search': ({ host }, value) => (host.DnsSearch = [...(host.DnsSearch ?? []), value]),
  entrypoint: ({ create }, value) => (create.Entrypoint = value === '' ? [''] : [value]),
  env: ({ env }, value) => env.set(...pairOf(value)),
  'group-add': ({ host }, value) => (host.GroupAdd = [...(host.GroupAdd ?? []), value]),
  hostname: ({ create }, value) => (create.Hostname = value),
  init: flag(({ host }, on) => (host.Init = on)),
  label: ({ labels }, value) => labels.set(...pairOf(value)),
  memory: ({ host }, value, key) => (host.Memory = bytesOf(value, key)),
  'memory-reservation': ({ host }, value, key) => (host.MemoryReservation = bytesOf(value, key)),
  'memory-swap': ({ host }, value, key) => (host.MemorySwap = value === '-1' ? -1 : bytesOf(value, key)),
  'pids-limit': ({ host }, value, key) => (host.PidsLimit = numberOf(value, key)),
  'read-only': flag(({ host }, on) => (host.ReadonlyRootfs = on)),
  'shm-size': ({ host }, value, key) => (host.ShmSize = bytesOf(value, key)),
  'stop-signal': ({ create }, value) => (create.StopSignal = value),
  tmpfs: ({ host }, value) => {
    const [folder = '', options = ''] = value.split(/:(.*)/s);
    host.Tmpfs = { ...host.Tmpfs, [folder]: options };
  },
  user: ({ create }, value) => (create.User = value),
  workdir: ({ create }, value) => (create.WorkingDir = value),
};

/** Applies `parameters` of a DockerInfo. Throws RunOptionsError for one that isn't known, or can't be read. */
export function applyParameters(to: Changeable, parameters: readonly Parameter[] = []): void {
  for (const { key, value } of parameters) {
    const apply = Object.hasOwn(known, key) ? known[key] : undefined;
    if (!apply) {
      throw new RunOptionsError(
        `the parameter '${key}' is not supported by this development agent, only ${Object.keys(known).join(', ')}`,
      );
    }
    apply(to, value, key);
  }
}

/** `name=value`; without `=` the value is empty. */
function pairOf(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function numberOf(text: string, key: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw new RunOptionsError(`--${key} is a number, not '${text}'`);
}

const units: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** `512m`, as Docker's client reads it. */
function bytesOf(text: string, key: string): number {
  const match = /^(\d+(?:\.\d+)?)([bkmg]?)b?$/i.exec(text.trim());
  const unit = units[match?.[2]?.toLowerCase() ?? ''];
  if (match && unit !== undefined) return Math.floor(Number(match[1]) * unit);
  throw new RunOptionsError(`--${key} is an amount such as 512m, not '${text}'`);
}
