import type { ClusterView } from '../api/people.ts';
import { messageOf } from '../host/errors.ts';
import type { LeadingMaster } from '../mesos/operatorTypes.ts';
import type { MasterInfo } from '../mesos/types.ts';
import type { Logger } from './log.ts';

export type LeaderFacts = Pick<ClusterView['master'], 'leader' | 'started' | 'elected'>;

/** Which master leads, and since when: asked once of each that the framework subscribes to. */
export class Leader {
  readonly #ask: () => Promise<LeadingMaster>;
  readonly #log: Logger;
  readonly #onKnown: () => void;
  #id: string | undefined;
  #known: LeaderFacts = {};

  constructor(ask: () => Promise<LeadingMaster>, log: Logger, onKnown: () => void) {
    this.#ask = ask;
    this.#log = log;
    this.#onKnown = onKnown;
  }

  /** Nothing while there is no subscription, and until the master has answered. */
  get known(): LeaderFacts {
    return this.#known;
  }

  /** The id of the master that the framework is subscribed to; undefined: to none. */
  is(id: string | undefined): void {
    if (id === this.#id) return;
    this.#id = id;
    this.#known = {};
    if (id !== undefined) void this.#learn(id);
  }

  async #learn(id: string): Promise<void> {
    try {
      const facts = leaderFacts(await this.#ask());
      if (id !== this.#id) return;
      this.#known = facts;
      this.#onKnown();
    } catch (error) {
      // Asked again at the next change of the subscription's state.
      this.#log.debug(`the master was asked who leads: ${messageOf(error)}`);
      if (id === this.#id) this.#id = undefined;
    }
  }
}

export function leaderFacts({ master_info: info, start_time, elected_time }: LeadingMaster): LeaderFacts {
  return {
    ...(info ? { leader: addressOf(info) } : {}),
    ...(start_time === undefined ? {} : { started: Math.round(start_time * 1000) }),
    ...(elected_time === undefined ? {} : { elected: Math.round(elected_time * 1000) }),
  };
}

/** A hostname says more than an address; in containers it is none that anybody finds, and still the name that Mesos shows. */
function addressOf({ hostname, address, port }: MasterInfo): string {
  return `${hostname ?? address?.hostname ?? address?.ip ?? '?'}:${address?.port ?? port}`;
}
