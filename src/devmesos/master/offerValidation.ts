import type { Agent } from './agent.ts';
import type { Framework, OpenOffer } from './framework.ts';
import type { Offers } from './offers.ts';

export interface AcceptedOffers {
  readonly agent: Agent;
  readonly role: string;
  readonly offers: readonly OpenOffer[];
}

/** The offers of an ACCEPT, if all are good, of one agent and one role; else what is wrong, in Mesos's words and order. */
export function checkOffers(
  offers: Offers,
  framework: Framework,
  ids: readonly string[],
): AcceptedOffers | { readonly error: string } {
  if (ids.length === 0) return { error: 'No offers specified' };
  const duplicate = ids.find((id, index) => ids.indexOf(id) !== index);
  if (duplicate !== undefined) return { error: `Duplicate offer ${duplicate} in offer list` };
  const found = [];
  for (const id of ids) {
    const one = offers.find(id);
    if (!one) return { error: `Offer ${id} is no longer valid` };
    found.push({ id, ...one });
  }
  const stranger = found.find((one) => one.framework !== framework);
  if (stranger) {
    return {
      error: `Offer ${stranger.id} has invalid framework ${stranger.framework.id} while framework ${framework.id} is expected`,
    };
  }
  const [first] = found;
  if (!first) return { error: 'No offers specified' };
  for (const { id, open } of found) {
    if (open.role !== first.open.role) {
      return {
        // The missing quotes are Mesos's.
        error: `Aggregated offers must be allocated to the same role. Offer ${id} uses role '${open.role} but another is using role '${first.open.role}`,
      };
    }
  }
  for (const { id, agent } of found) {
    if (agent !== first.agent) {
      return {
        error: `Aggregated offers must belong to one single agent. Offer ${id} uses agent ${agent.id} and agent ${first.agent.id}`,
      };
    }
  }
  return { agent: first.agent, role: first.open.role, offers: found.map(({ open }) => open) };
}
