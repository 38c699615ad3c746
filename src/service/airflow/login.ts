import { randomBytes } from 'node:crypto';
import type { LoginRequest } from '../../api/people.ts';

const lifetimeMs = 60_000;

/** One-time tickets that open Airflow signed in. Kept in memory: one that is lost is asked for anew. */
export class LoginTickets {
  readonly #now: () => number;
  readonly #open = new Map<string, { readonly end: number; readonly page: string }>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Good once, for a minute. `page`: the path at which Airflow opens; kept here, so that no address can lead elsewhere. */
  make(page = '/'): string {
    for (const [ticket, { end }] of this.#open) if (end < this.#now()) this.#open.delete(ticket);
    const ticket = randomBytes(32).toString('base64url');
    this.#open.set(ticket, { end: this.#now() + lifetimeMs, page });
    return ticket;
  }

  /** The ticket's page, where it was good; it no longer is. */
  redeem(ticket: string): string | undefined {
    const found = this.#open.get(ticket);
    this.#open.delete(ticket);
    return found && found.end >= this.#now() ? found.page : undefined;
  }
}

/** The path of a DAG's page in Airflow's UI, of one of its runs, or of the UI itself. */
export function airflowPage({ dag_id, run_id }: LoginRequest): string {
  if (dag_id === undefined) return '/';
  const dag = `/dags/${encodeURIComponent(dag_id)}`;
  return run_id === undefined ? dag : `${dag}/runs/${encodeURIComponent(run_id)}`;
}

/**
 * The cookie that Airflow's UI reads, with the attributes that Airflow gives it (COOKIE_NAME_JWT_TOKEN of
 * base_auth_manager.py and routes/login.py of the simple auth manager, 3.3). A browser keeps cookies by host and not by
 * port: set here, it is sent to the api-server on the same 127.0.0.1.
 */
export function airflowCookie(token: string): string {
  return `_token=${token}; Path=/; HttpOnly; SameSite=Lax`;
}
