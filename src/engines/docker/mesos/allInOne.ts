import { inside, partNames } from '../inside.ts';
import { agentMounts, graceSeconds, root, secretsMount } from './apache.ts';
import type { ApacheChoice } from './choice.ts';
import { masterVolume, type MesosContainerPlan, type MesosRequest } from './plan.ts';
import { presets } from './presets.ts';
import { isolationOf } from './suits.ts';
import { agentFlags, masterFlags, masterWork, variables, type MesosFlags } from './variables.ts';

/**
 * An all-in-one image: systemd starts a master and an agent, which take their settings from files, not from the container's
 * environment. The container answers to the agent's name too.
 */
export function allInOne(choice: ApacheChoice, request: MesosRequest): MesosContainerPlan {
  const preset = presets[choice.preset];
  const [agent] = request.agents;
  if (!agent || request.agents.length > 1) throw new Error(`${preset.name} has one agent`);
  const isolation = isolationOf(preset);
  const flags = agentFlags(agent, {
    tasks: request.tasks,
    isolation,
    master: `${partNames.master}:${inside.ports.master}`,
    number: 1,
  });
  const [entry = '', ...rest] = preset.init ?? [];
  return {
    part: partNames.master,
    aliases: [agent.name],
    image: request.agentImage,
    platform: choice.platform,
    entrypoint: [entry],
    command: rest,
    env: {},
    user: root,
    mounts: [
      secretsMount,
      { kind: 'volume', volume: masterVolume, target: masterWork },
      ...agentMounts(request, agent),
    ],
    files: [
      environmentFile('/etc/default/mesos-master', masterFlags(request.cluster)),
      environmentFile('/etc/default/mesos-agent', flags, isolation === 'cgroups' ? ownCgroup : ''),
    ],
    privileged: true,
    init: false,
    pidMode: undefined,
    capabilities: 'default',
    // What systemd takes for "power off"; the images say so too.
    stopSignal: 'SIGRTMIN+3',
    graceSeconds: 2 * graceSeconds,
    ports: [inside.ports.master, inside.ports.agent],
    health: {
      [partNames.master]: `http://${partNames.master}:${inside.ports.master}/health`,
      [agent.name]: `http://${agent.name}:${inside.ports.agent}/health`,
    },
  };
}

/** The agent's groups lie below the container's own, as in the image's own file, which this one takes the place of. */
const ownCgroup = 'MESOS_CGROUPS_ROOT=`grep memory /proc/1/cgroup | cut -d: -f3`/mesos\n';

/** mesos-init-wrapper of the images reads it with bash and hands every variable on. */
function environmentFile(path: string, flags: MesosFlags, more = ''): MesosContainerPlan['files'][number] {
  const lines = Object.entries(variables(flags)).map(
    ([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'\n`,
  );
  return { path, content: `${lines.join('')}${more}`, mode: 0o644 };
}
