import { randomBytes } from 'node:crypto';

const lifetimeMs = 60_000;

/** One-time tickets that open Airflow signed in. Kept in memory: one that is lost is asked for anew. */
export class LoginTickets {
  readonly #now: () => number;
  readonly #open = new Map<string, number>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Good once, for a minute. */
  make(): string {
    for (const [ticket, end] of this.#open) if (end < this.#now()) this.#open.delete(ticket);
    const ticket = randomBytes(32).toString('base64url');
    this.#open.set(ticket, this.#now() + lifetimeMs);
    return ticket;
  }

  /** Whether the ticket was good; it no longer is. */
  redeem(ticket: string): boolean {
    const end = this.#open.get(ticket);
    this.#open.delete(ticket);
    return end !== undefined && end >= this.#now();
  }
}

/**
 * The cookie that Airflow's UI reads, with the attributes that Airflow gives it (COOKIE_NAME_JWT_TOKEN of
 * base_auth_manager.py and routes/login.py of the simple auth manager, 3.3). A browser keeps cookies by host and not by
 * port: set here, it is sent to the api-server on the same 127.0.0.1.
 */
export function airflowCookie(token: string): string {
  return `_token=${token}; Path=/; HttpOnly; SameSite=Lax`;
}
