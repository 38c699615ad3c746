import type { Architecture, MesosPreset } from './presets.ts';

/** What a choice depends on of the Docker Engine (src/docker/engineInfo.ts) and of what is asked for. */
export interface MesosHost {
  readonly provider: string;
  readonly arch: Architecture;
  readonly cgroupVersion: 1 | 2;
  /** The oldest version of Docker's API that the daemon takes, where it is known. */
  readonly minApiVersion?: string | undefined;
}

export interface MesosWishes {
  /** `linux/amd64`, …: what the images are taken for; undefined: the host's own. */
  readonly platform?: string | undefined;
  readonly tasks: 'agent' | 'container';
  readonly agents: number;
}

/** Why a preset can't run; or, where it can, what it doesn't do as Mesos elsewhere would. */
export interface Suitability {
  /** A sentence's part after "because"; undefined: it can. */
  readonly refusal: string | undefined;
  readonly limits: readonly string[];
}

/** Whether a preset's containers start and run tasks on a host. Pure: nothing is asked. */
export function suitability(preset: MesosPreset, host: MesosHost, wishes: MesosWishes): Suitability {
  return { refusal: refusal(preset, host, wishes), limits: limits(preset, host, wishes) };
}

function refusal(preset: MesosPreset, host: MesosHost, wishes: MesosWishes): string | undefined {
  const arch = architectureOf(wishes.platform) ?? host.arch;
  if (!preset.architectures.some((one) => one === arch)) {
    return `its images are made for ${preset.architectures.join(' and ')}, and ${
      wishes.platform === undefined
        ? `this Docker Engine runs ${host.arch}`
        : `${wishes.platform} is asked for`
    }`;
  }
  if (!preset.cgroupVersions.includes(host.cgroupVersion)) {
    return `it needs control groups of version ${preset.cgroupVersions.join(' or ')}, and this Docker Engine has version ${host.cgroupVersion}`;
  }
  if (preset.layout === 'all-in-one' && wishes.agents > 1) {
    return `it has one agent, in the master's container, and ${wishes.agents} agents are asked for`;
  }
  return wishes.tasks === 'container' ? refusalOfTaskContainers(preset, host) : undefined;
}

function refusalOfTaskContainers(preset: MesosPreset, host: MesosHost): string | undefined {
  if (preset.layout === 'all-in-one') {
    return 'its agent starts containers with a Docker of its own, which has neither the Airflow image nor the network of the cluster';
  }
  if (preset.dockerClientApi === null) {
    return 'tasks are to have containers of their own, and its image has no docker program to start them with';
  }
  if (host.cgroupVersion === 2) {
    return "tasks are to have containers of their own, and Apache's Docker containerizer refuses control groups of version 2: it looks for the hierarchy 'cpu' of version 1";
  }
  if (host.provider === 'Podman') {
    return "tasks are to have containers of their own, and Apache's Docker containerizer needs Docker's own daemon";
  }
  if (host.minApiVersion !== undefined && isNewer(host.minApiVersion, preset.dockerClientApi)) {
    return `tasks are to have containers of their own, and this Docker Engine takes clients from API ${host.minApiVersion} on: the docker program in the image speaks up to ${preset.dockerClientApi}`;
  }
  return undefined;
}

function limits(preset: MesosPreset, host: MesosHost, wishes: MesosWishes): string[] {
  const arch = architectureOf(wishes.platform) ?? host.arch;
  const measuredOnly = isolationOf(preset) === 'posix' && wishes.tasks === 'agent';
  return [
    ...(arch === host.arch
      ? []
      : [`The images are of ${arch} and are emulated on ${host.arch}: everything in them is slow.`]),
    ...(preset.layout === 'all-in-one'
      ? [
          `The preset ${preset.name} runs a privileged container: whoever gets out of a task is root on this Docker Engine's machine.`,
        ]
      : []),
    ...(measuredOnly
      ? [
          "Mesos measures what tasks use and doesn't limit each (posix isolation): what all of an agent's tasks use together is limited by the agent's container.",
        ]
      : []),
  ];
}

/**
 * Apache's cgroup isolation has to make groups of its own, which a container may do that is privileged: in all others, and
 * with ClusterD's on version 2 (whose setting for it differs from release to release), tasks are measured only.
 */
export function isolationOf(preset: MesosPreset): 'cgroups' | 'posix' {
  return preset.name === 'apache-mini' ? 'cgroups' : 'posix';
}

function architectureOf(platform: string | undefined): string | undefined {
  return platform?.split('/')[1];
}

/** Whether a version such as `1.44` is newer than another. */
function isNewer(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map(Number);
  return major > thanMajor || (major === thanMajor && minor > thanMinor);
}
