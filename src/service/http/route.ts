import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { notFound } from './problem.ts';

/**
 * Who may call: `admin`, the person's own tools; `deployment`, Airflow's executor of the deployment in the path, and they;
 * `open`, whoever holds what the request itself carries (a ticket, a receipt).
 */
export type Access = 'admin' | 'deployment' | 'open';

/** A request as a route sees it. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON body of a POST; undefined where it is empty. */
  readonly body: unknown;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** The caller's address; undefined on the local socket. */
  readonly from: string | undefined;
  /** What the caller calls itself (User-Agent), in one line. */
  readonly client: string | undefined;
}

export type Answer =
  | { readonly kind: 'json'; readonly status: number; readonly value: unknown }
  | { readonly kind: 'text'; readonly status: number; readonly text: string }
  | { readonly kind: 'empty'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The route writes by itself, for as long as it likes. */
  | { readonly kind: 'stream'; readonly open: (response: ServerResponse) => void }
  /** The connection is both sides' from here on; `first`: what came of it already. */
  | { readonly kind: 'upgrade'; readonly open: (connection: Duplex, first: Buffer) => void };

export interface Route {
  readonly method: 'GET' | 'POST';
  /** `/v1/tasks/{id}/log`: a name in braces stands for one segment. */
  readonly path: string;
  readonly access: Access;
  /** In bytes; default 1 MiB. */
  readonly bodyLimit?: number;
  /** Taken with `Upgrade` to this protocol alone, and answered with `upgrade`. */
  readonly upgradesTo?: string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export function json(value: unknown, status = 200): Answer {
  return { kind: 'json', status, value };
}

/** The value of a name in the route's path. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`the route has no {${name}}`);
  return value;
}

interface Compiled {
  readonly segments: readonly string[];
  readonly routes: ReadonlyMap<string, Route>;
}

export interface Found {
  readonly routes: ReadonlyMap<string, Route>;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the routes of a path, one per method. A literal segment goes before a name in braces. */
export class RouteTable {
  readonly #byLength = new Map<number, Compiled[]>();

  constructor(routes: readonly Route[]) {
    const byPath = new Map<string, Map<string, Route>>();
    for (const route of routes) {
      const methods = byPath.get(route.path) ?? new Map<string, Route>();
      if (methods.has(route.method)) throw new Error(`two routes for ${route.method} ${route.path}`);
      byPath.set(route.path, methods.set(route.method, route));
    }
    const literals = (path: string): number => path.split('/').filter((part) => !part.startsWith('{')).length;
    for (const [path, methods] of [...byPath].sort((one, other) => literals(other[0]) - literals(one[0]))) {
      const segments = path.split('/');
      const list = this.#byLength.get(segments.length) ?? [];
      list.push({ segments, routes: methods });
      this.#byLength.set(segments.length, list);
    }
  }

  /** Throws a 404 where no route has this path. */
  find(path: string): Found {
    const segments = path.split('/').map(decoded);
    for (const { segments: pattern, routes } of this.#byLength.get(segments.length) ?? []) {
      const params: Record<string, string> = {};
      const fits = pattern.every((part, index) => {
        const segment = segments[index] ?? '';
        if (!part.startsWith('{')) return part === segment;
        params[part.slice(1, -1)] = segment;
        return segment !== '';
      });
      if (fits) return { routes, params };
    }
    throw notFound('There is nothing at this address', 'docs/api.md lists what the service answers.');
  }
}

/** A segment that is not well-formed matches nothing. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
