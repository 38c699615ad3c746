import type { MountPlan } from '../containerPlan.ts';
import { inside, partNames, volumeNames } from '../inside.ts';
import type { ApacheChoice } from './choice.ts';
import { agentRuntime } from './runtime.ts';
import { masterVolume, type AgentRequest, type MesosContainerPlan, type MesosRequest } from './plan.ts';
import { presets } from './presets.ts';
import { isolationOf } from './suits.ts';
import { agentFlags, masterFlags, masterWork, variables } from './variables.ts';

export const root = '0:0';

/** How long Mesos has to end its tasks. */
export const graceSeconds = 10;

export const secretsMount: MountPlan = { kind: 'volume', volume: volumeNames.mesos, target: inside.mesos };

/** Apache's Docker containerizer sets the limits of a task's container in the control groups of Docker's machine. */
const cgroupMount: MountPlan = {
  kind: 'bind',
  source: '/sys/fs/cgroup',
  target: '/sys/fs/cgroup',
  readOnly: false,
};

/** Apache's master in a container of its own. */
export function apacheMaster(choice: ApacheChoice, request: MesosRequest): MesosContainerPlan {
  const { master } = presets[choice.preset].programs;
  return {
    part: partNames.master,
    aliases: [],
    image: request.masterImage,
    platform: choice.platform,
    // Named, because the images' own commands would be kept otherwise.
    entrypoint: [master],
    command: [],
    env: variables(masterFlags(request.cluster)),
    user: root,
    mounts: [secretsMount, { kind: 'volume', volume: masterVolume, target: masterWork }],
    files: [],
    privileged: false,
    init: true,
    pidMode: undefined,
    capabilities: [],
    stopSignal: 'SIGTERM',
    graceSeconds,
    ports: [inside.ports.master],
    health: { [partNames.master]: `http://${partNames.master}:${inside.ports.master}/health` },
  };
}

/** One of Apache's agents in a container of its own, held by a script of ours (cluster/mesos/agent.py). */
export function apacheAgent(
  choice: ApacheChoice,
  request: MesosRequest,
  agent: AgentRequest,
  number: number,
): MesosContainerPlan {
  const preset = presets[choice.preset];
  const flags = agentFlags(agent, {
    tasks: request.tasks,
    isolation: isolationOf(preset),
    master: `${partNames.master}:${inside.ports.master}`,
    number,
  });
  return {
    part: agent.name,
    aliases: [],
    image: request.agentImage,
    platform: choice.platform,
    entrypoint: [agentRuntime.python, agentRuntime.agentScript],
    command: [preset.programs.agent],
    env: variables(flags),
    user: root,
    mounts: [
      secretsMount,
      ...agentMounts(request, agent),
      ...(request.tasks === 'container' ? [cgroupMount] : []),
    ],
    files: [],
    privileged: false,
    init: true,
    pidMode: request.tasks === 'container' ? 'host' : undefined,
    capabilities: agentCapabilities,
    stopSignal: 'SIGTERM',
    graceSeconds,
    ports: [inside.ports.agent],
    health: { [agent.name]: `http://${agent.name}:${inside.ports.agent}/health` },
  };
}

/** What root needs to make sandboxes for others, run tasks as them and end those. All are among Docker's default ones. */
export const agentCapabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'KILL', 'SETGID', 'SETUID'] as const;

/** An agent's work folder and DAGs; where it starts containers, what its Docker containerizer works with. */
export function agentMounts(request: MesosRequest, agent: AgentRequest): MountPlan[] {
  const mounts: MountPlan[] = [
    { kind: 'volume', volume: agent.name, target: agent.workDir },
    { kind: 'bind', source: request.dags, target: inside.dags, readOnly: true },
  ];
  if (request.tasks === 'agent') return mounts;
  return [
    ...mounts,
    {
      kind: 'bind',
      source: request.dockerSocket ?? '/var/run/docker.sock',
      target: '/var/run/docker.sock',
      readOnly: false,
    },
  ];
}
