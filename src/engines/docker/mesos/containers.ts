import { allInOne } from './allInOne.ts';
import { apacheAgent, apacheMaster } from './apache.ts';
import type { MesosChoice } from './choice.ts';
import { devAgent, devMaster } from './dev.ts';
import type { AgentRequest, MesosContainerPlan, MesosRequest } from './plan.ts';

/** The container with the master; of an all-in-one image, with the agent too. */
export function masterContainer(choice: MesosChoice, request: MesosRequest): MesosContainerPlan {
  if (choice.distribution === 'dev') return devMaster(choice.platform, request);
  return choice.layout === 'all-in-one' ? allInOne(choice, request) : apacheMaster(choice, request);
}

/** An agent's container; undefined where the master's container has it. */
export function agentContainer(
  choice: MesosChoice,
  request: MesosRequest,
  agent: AgentRequest,
): MesosContainerPlan | undefined {
  if (choice.distribution === 'dev') return devAgent(choice.platform, request, agent);
  if (choice.layout === 'all-in-one') return undefined;
  return apacheAgent(choice, request, agent, request.agents.indexOf(agent) + 1);
}

/** All containers of a cluster's Mesos, in the order of their start. Each waits by itself for what it needs. */
export function mesosContainers(choice: MesosChoice, request: MesosRequest): MesosContainerPlan[] {
  const agents = request.agents.map((agent) => agentContainer(choice, request, agent));
  return [masterContainer(choice, request), ...agents.filter((plan) => plan !== undefined)];
}
