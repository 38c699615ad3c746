import type { Clock } from '../clock.ts';
import type { Resources } from '../resources.ts';

interface Refusal {
  readonly resources: Resources;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** What frameworks declined: they are not offered it again for a while, unless it has become more. */
export class RefusalFilters {
  readonly #clock: Clock;
  readonly #least: number;
  /** By framework, then by role and agent. */
  readonly #refusals = new Map<string, Map<string, Refusal[]>>();

  /** `least` milliseconds is what a filter lasts at least: one allocation interval. */
  constructor(clock: Clock, least: number) {
    this.#clock = clock;
    this.#least = least;
  }

  /** Keeps the framework from being offered these resources for so many milliseconds; 0 sets no filter. */
  add(frameworkId: string, role: string, agentId: string, resources: Resources, milliseconds: number): void {
    if (milliseconds <= 0) return;
    const ofFramework = this.#refusals.get(frameworkId) ?? new Map<string, Refusal[]>();
    this.#refusals.set(frameworkId, ofFramework);
    const key = keyOf(role, agentId);
    const until = this.#clock.now() + Math.max(milliseconds, this.#least);
    const living = (ofFramework.get(key) ?? []).filter((refusal) => refusal.until > this.#clock.now());
    ofFramework.set(key, [...living, { resources, until }]);
  }

  /** Whether a living filter holds all that would be offered. */
  refuses(frameworkId: string, role: string, agentId: string, resources: Resources): boolean {
    const ofFramework = this.#refusals.get(frameworkId);
    const key = keyOf(role, agentId);
    const refusals = ofFramework?.get(key);
    if (!ofFramework || !refusals) return false;
    const living = refusals.filter(({ until }) => until > this.#clock.now());
    if (living.length === 0) ofFramework.delete(key);
    else if (living.length < refusals.length) ofFramework.set(key, living);
    return living.some((refusal) => refusal.resources.contains(resources));
  }

  /** Forgets a framework's filters: of these roles, or all. */
  clear(frameworkId: string, roles?: ReadonlySet<string>): void {
    if (!roles) {
      this.#refusals.delete(frameworkId);
      return;
    }
    const ofFramework = this.#refusals.get(frameworkId);
    for (const key of ofFramework?.keys() ?? []) {
      if (roles.has(roleIn(key))) ofFramework?.delete(key);
    }
  }

  /** Forgets what was refused of an agent. */
  forgetAgent(agentId: string): void {
    for (const ofFramework of this.#refusals.values()) {
      for (const key of ofFramework.keys()) if (key.endsWith(`\n${agentId}`)) ofFramework.delete(key);
    }
  }
}

// Neither roles nor ids hold a newline.
const keyOf = (role: string, agentId: string): string => `${role}\n${agentId}`;
const roleIn = (key: string): string => key.slice(0, key.indexOf('\n'));
