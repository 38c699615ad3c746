import type { JudgeCaller } from '../framework/types.ts';
import { ipOf, plainIp, type AgentAddresses } from './agentAddresses.ts';

/**
 * Tells a task's process from a stranger by where it calls from. Certain is only that an address which another agent has
 * now, and the task's own has not, is not the task's. `share`: whether tasks call from their agent's own address.
 */
export function judgeCallers(addresses: Pick<AgentAddresses, 'at'>, share: boolean): JudgeCaller {
  return async ({ agent_address: address, agent_id: agentId }, from) => {
    const ip = plainIp(from);
    if (address !== null && ipOf(address) === ip) return 'expected';
    // A master that is away is no reason to keep a task waiting: then nothing is certain.
    const there = await addresses.at(ip).catch((): string[] => []);
    if (there.includes(agentId)) return 'expected';
    if (there.length > 0) return 'foreign';
    return share ? 'unexpected' : 'expected';
  };
}
