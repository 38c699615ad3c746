/**
 * What people run Apache Mesos from in Docker. Where each fact is from, and what nobody could confirm: docs/mesos-images.md.
 */
export const presetNames = [
  'mesosphere',
  'apache-centos',
  'apache-mini',
  'clusterd',
  'clusterd-mini',
] as const;
export type PresetName = (typeof presetNames)[number];

export type Architecture = 'amd64' | 'arm64';

export interface MesosPreset {
  readonly name: PresetName;
  /** For people. */
  readonly title: string;
  readonly masterImage: string;
  readonly agentImage: string;
  readonly architectures: readonly Architecture[];
  /** Of the host: the cgroup versions on which its containers start. */
  readonly cgroupVersions: readonly (1 | 2)[];
  /** `all-in-one`: master and agent are services of systemd in one container, which has to be privileged. */
  readonly layout: 'separate' | 'all-in-one';
  /** The programs of `separate`, whatever the image's own entry point. Without them: the image's. */
  readonly programs: { readonly master: string; readonly agent: string };
  /** Of `all-in-one`: what the container runs. */
  readonly init?: readonly string[];
  /**
   * The docker program in the agent's image, by which Apache's Docker containerizer starts tasks: the newest version of
   * Docker's API that it speaks. Null: there is none.
   */
  readonly dockerClientApi: string | null;
  /** Whether `auto` may take it. */
  readonly automatic: boolean;
}

const separate = { layout: 'separate', cgroupVersions: [1, 2] } as const;
const agentProgram = { master: 'mesos-master', agent: 'mesos-agent' } as const;

export const presets: Readonly<Record<PresetName, MesosPreset>> = {
  mesosphere: {
    ...separate,
    name: 'mesosphere',
    title: 'Apache Mesos 1.7.1 in the images of Mesosphere',
    masterImage: 'mesosphere/mesos-master:1.7.1',
    agentImage: 'mesosphere/mesos-slave:1.7.1',
    architectures: ['amd64'],
    // The images' own entry points. They are named again because a command of our own is ignored otherwise: the master's
    // image has `--registry=in_memory` as its command.
    programs: { master: 'mesos-master', agent: 'mesos-slave' },
    // docker-engine of apt.dockerproject.org, which ended with 17.05.
    dockerClientApi: '1.29',
    automatic: true,
  },
  'apache-centos': {
    ...separate,
    name: 'apache-centos',
    title: 'Apache Mesos 1.9 in the CentOS image of its project',
    masterImage: 'mesos/mesos-centos:1.9.x',
    agentImage: 'mesos/mesos-centos:1.9.x',
    architectures: ['amd64'],
    programs: agentProgram,
    dockerClientApi: null,
    automatic: false,
  },
  'apache-mini': {
    name: 'apache-mini',
    title: 'Apache Mesos 1.9 in the all-in-one image of its project',
    masterImage: 'mesos/mesos-mini:1.9.x',
    agentImage: 'mesos/mesos-mini:1.9.x',
    architectures: ['amd64'],
    cgroupVersions: [1],
    layout: 'all-in-one',
    programs: agentProgram,
    init: ['/entrypoint.sh'],
    dockerClientApi: null,
    automatic: false,
  },
  clusterd: {
    ...separate,
    name: 'clusterd',
    title: 'ClusterD, which goes on from Apache Mesos 1.11, from its all-in-one image',
    masterImage: 'avhost/mesos-mini:latest',
    agentImage: 'avhost/mesos-mini:latest',
    architectures: ['amd64', 'arm64'],
    programs: agentProgram,
    dockerClientApi: null,
    automatic: false,
  },
  'clusterd-mini': {
    name: 'clusterd-mini',
    title: 'ClusterD, which goes on from Apache Mesos 1.11, in its all-in-one image',
    masterImage: 'avhost/mesos-mini:latest',
    agentImage: 'avhost/mesos-mini:latest',
    architectures: ['amd64', 'arm64'],
    cgroupVersions: [2],
    layout: 'all-in-one',
    programs: agentProgram,
    // Not the image's /entrypoint.sh: that looks for cgroup mounts of version 1 and ends where there are none.
    init: ['/lib/systemd/systemd'],
    dockerClientApi: null,
    automatic: false,
  },
};

/** What `apache` takes where no preset is named. */
export const usualPreset: PresetName = 'mesosphere';

export function isPresetName(name: string): name is PresetName {
  return (presetNames as readonly string[]).includes(name);
}
