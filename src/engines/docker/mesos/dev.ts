import { inside, partNames } from '../inside.ts';
import { agentCapabilities, agentMounts, graceSeconds, root, secretsMount } from './apache.ts';
import type { AgentRequest, MesosContainerPlan, MesosRequest } from './plan.ts';

/** Node and our Mesos in the images that we build for them. */
const program = ['/usr/local/bin/node', '/opt/mesos-airflow/devmesos.cjs'] as const;

const login = [
  '--secret-file',
  `${inside.mesos}/mesos.secret`,
  '--credentials',
  `${inside.mesos}/mesos.credentials`,
] as const;

/** Our own master in a container of its own. */
export function devMaster(platform: string | undefined, request: MesosRequest): MesosContainerPlan {
  const part = partNames.master;
  return {
    ...common(part, inside.ports.master, platform),
    image: request.masterImage,
    command: [
      'master',
      '--host',
      '0.0.0.0',
      '--hostname',
      part,
      '--port',
      String(inside.ports.master),
      ...login,
    ],
    mounts: [secretsMount],
    capabilities: [],
  };
}

/** One of our own agents in a container of its own. */
export function devAgent(
  platform: string | undefined,
  request: MesosRequest,
  agent: AgentRequest,
): MesosContainerPlan {
  return {
    ...common(agent.name, inside.ports.agent, platform),
    image: request.agentImage,
    command: [
      'agent',
      '--name',
      agent.name,
      '--host',
      '0.0.0.0',
      '--hostname',
      agent.name,
      '--port',
      String(inside.ports.agent),
      '--master',
      `http://${partNames.master}:${inside.ports.master}`,
      '--work-dir',
      agent.workDir,
      '--switch-user',
      'true',
      '--containerizers',
      request.tasks === 'container' ? 'docker,mesos' : 'mesos',
      '--resources',
      `cpus:${agent.cpus};mem:${agent.mem};disk:${agent.disk}`,
      '--attributes',
      `name:${agent.name}`,
      ...login,
    ],
    mounts: [secretsMount, ...agentMounts(request, agent)],
    capabilities: agentCapabilities,
  };
}

function common(
  part: string,
  port: number,
  platform: string | undefined,
): Omit<MesosContainerPlan, 'image' | 'command' | 'mounts' | 'capabilities'> {
  return {
    part,
    aliases: [],
    platform,
    entrypoint: program,
    env: {},
    user: root,
    files: [],
    privileged: false,
    init: true,
    pidMode: undefined,
    stopSignal: 'SIGTERM',
    graceSeconds,
    ports: [port],
    health: { [part]: `http://${part}:${port}/health` },
  };
}
