import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { labels, resourceName } from './labels.ts';
import type { Limits } from './limits.ts';

export type MountPlan =
  /** `volume`: its part name in this cluster. */
  | { readonly kind: 'volume'; readonly volume: string; readonly target: string }
  /** `source`: a path of the Docker Engine's host. */
  | { readonly kind: 'bind'; readonly source: string; readonly target: string; readonly readOnly: boolean };

/** A file that is put into a created container before it starts. Never a secret. */
export interface PlannedFile {
  /** Absolute, inside the container. */
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** All that a container is made from. Nothing in it is secret: Docker shows it to whoever may ask. */
export interface ContainerPlan {
  /** Its part in the cluster, its host name, and its name on the cluster's network. */
  readonly part: string;
  readonly image: string;
  /** The image's id: one tagged anew makes another container. */
  readonly imageId: string;
  readonly entrypoint?: readonly string[] | undefined;
  /** Without it, the image's own. */
  readonly command?: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly MountPlan[];
  /** Further names on the cluster's network. */
  readonly aliases?: readonly string[] | undefined;
  /** Ports inside by their port on 127.0.0.1 of the host. */
  readonly ports: readonly { readonly inside: number; readonly published: number }[];
  readonly user?: string | undefined;
  readonly workingDir?: string | undefined;
  readonly limits: Limits;
  /** Kept of Docker's default capabilities; all others are dropped. `default`: all that Docker gives. */
  readonly capabilities: readonly string[] | 'default';
  /** For images of others that run an init system of their own; never for ours. */
  readonly privileged?: boolean | undefined;
  /** Whether Docker's own init is process 1; default true. False: the image brings one. */
  readonly init?: boolean | undefined;
  readonly pidMode?: 'host' | undefined;
  /** `linux/amd64`, …; default: the image's own. */
  readonly platform?: string | undefined;
  /** Put into it before it starts; owned by root. */
  readonly files?: readonly PlannedFile[] | undefined;
  /** SELinux keeps containers from folders of the person's: they are not labelled anew, but this container is let in. */
  readonly readsHostFolders?: boolean | undefined;
  readonly stopSignal: string;
  /** Between the stop signal and SIGKILL, in seconds. */
  readonly graceSeconds: number;
  readonly health?: Docker.HealthConfig | undefined;
  /** Added to the cluster's own labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** Docker keeps this much of a container's log: two files of 10 MB. */
const logConfig: Docker.HostConfig['LogConfig'] = {
  Type: 'json-file',
  Config: { 'max-size': '10m', 'max-file': '2' },
};

/** What Docker is asked for; its label `plan` is a digest of all the rest. */
export function createOptions(cluster: string, plan: ContainerPlan): Docker.ContainerCreateOptions {
  const name = resourceName(cluster, plan.part);
  const network = resourceName(cluster, 'network');
  const options: Docker.ContainerCreateOptions = {
    name,
    ...(plan.platform === undefined ? {} : { platform: plan.platform }),
    Image: plan.image,
    Hostname: plan.part,
    ...(plan.entrypoint ? { Entrypoint: [...plan.entrypoint] } : {}),
    ...(plan.command ? { Cmd: [...plan.command] } : {}),
    ...(plan.user === undefined ? {} : { User: plan.user }),
    ...(plan.workingDir === undefined ? {} : { WorkingDir: plan.workingDir }),
    ...(plan.health ? { Healthcheck: plan.health } : {}),
    Env: Object.entries(plan.env)
      .map(([variable, value]) => `${variable}=${value}`)
      .sort(),
    Labels: { ...plan.labels, [labels.cluster]: cluster, [labels.part]: plan.part },
    ExposedPorts: Object.fromEntries(plan.ports.map((port) => [`${port.inside}/tcp`, {}])),
    StopSignal: plan.stopSignal,
    StopTimeout: plan.graceSeconds,
    HostConfig: {
      NetworkMode: network,
      Mounts: plan.mounts.map((mount) => mountSettings(cluster, mount)),
      PortBindings: Object.fromEntries(
        plan.ports.map((port) => [
          `${port.inside}/tcp`,
          [{ HostIp: '127.0.0.1', HostPort: String(port.published) }],
        ]),
      ),
      // Docker keeps the cluster running, after a death and after a restart of its own; what was stopped stays so.
      RestartPolicy: { Name: 'unless-stopped' },
      // Signals and orphans need a real init: most of what runs here was not written to be process 1.
      Init: plan.init ?? true,
      ...(plan.pidMode === undefined ? {} : { PidMode: plan.pidMode }),
      ...rightsOf(plan),
      Memory: plan.limits.memoryMb * megabyte,
      // No swap beyond it: a machine that swaps is slower than a task that is started again.
      MemorySwap: plan.limits.memoryMb * megabyte,
      ...(plan.limits.cpus === undefined ? {} : { NanoCpus: Math.round(plan.limits.cpus * 1e9) }),
      PidsLimit: plan.limits.processes,
      LogConfig: logConfig,
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [plan.part, ...(plan.aliases ?? [])] } } },
  };
  return { ...options, Labels: { ...options.Labels, [labels.plan]: digestOf(plan, options) } };
}

const megabyte = 1024 * 1024;

function rightsOf(plan: ContainerPlan): Docker.HostConfig {
  if (plan.privileged === true) return { Privileged: true };
  const kept = plan.capabilities === 'default' ? {} : { CapDrop: ['ALL'], CapAdd: [...plan.capabilities] };
  return { SecurityOpt: ['no-new-privileges', ...(plan.readsHostFolders ? ['label=disable'] : [])], ...kept };
}

function mountSettings(cluster: string, mount: MountPlan): Docker.MountSettings {
  if (mount.kind === 'bind') {
    return { Type: 'bind', Source: mount.source, Target: mount.target, ReadOnly: mount.readOnly };
  }
  return {
    Type: 'volume',
    Source: resourceName(cluster, mount.volume),
    Target: mount.target,
    ReadOnly: false,
  };
}

function digestOf({ imageId, files }: ContainerPlan, options: Docker.ContainerCreateOptions): string {
  const told = JSON.stringify([imageId, files, options]);
  return createHash('sha256').update(told).digest('hex').slice(0, 16);
}
