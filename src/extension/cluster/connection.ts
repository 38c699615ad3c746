import { ProtocolMismatch, ServiceProblem, ServiceUnreachable } from '../../client/errors.ts';
import { ExplainedError, messageOf } from '../../host/errors.ts';
import type { EngineName } from '../engine/facts.ts';

/** Where we stand with a cluster's service. */
export type Connection =
  /** Not looked yet. */
  | { readonly phase: 'unknown' }
  /** No such cluster, or it was brought down. */
  | { readonly phase: 'absent' }
  /** It was not brought down, yet its service is gone (this machine was restarted, say): waits for a person. */
  | { readonly phase: 'ended' }
  /** It answers, and its events come. */
  | { readonly phase: 'live' }
  /** It did answer, or should; it is tried again. `startable`: only a person's start may bring it back (Docker). */
  | { readonly phase: 'lost'; readonly why: string; readonly startable?: true }
  /** Trying again would not help: a person must do something. */
  | ({ readonly phase: 'refused' } & Explained);

/** An error's three parts for a person. */
export interface Explained {
  readonly what: string;
  readonly why: string | undefined;
  readonly next: string | undefined;
}

export function explain(error: unknown): Explained {
  if (error instanceof ExplainedError) return { what: error.message, why: error.why, next: error.next };
  return { what: messageOf(error), why: undefined, next: undefined };
}

/** The parts as one text: what and why are one sentence, what next is another. */
export function sentences({ what, why, next }: Explained): string {
  const isWhole = /[.!?:…]$/.test(what);
  const reason = why === undefined || why === '' ? what : `${what}${isWhole ? '' : ':'} ${why}`;
  return [reason, next]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => (/[.!?:…]$/.test(part ?? '') ? part : `${part ?? ''}.`))
    .join(' ');
}

/** What a failed connection means: whether another try may help. `inContainer`: it is to a service in a container. */
export function connectionAfter(error: unknown, inContainer = false): Connection {
  const pointless =
    error instanceof ProtocolMismatch ||
    (error instanceof ServiceProblem && error.status >= 400 && error.status < 500 && error.status !== 429);
  if (pointless) return { phase: 'refused', ...explain(error) };
  const { what, why } = explain(error);
  if (!inContainer) return { phase: 'lost', why: why ?? what };
  // Of Docker's errors the sentence itself says most; of a broken connection its cause does.
  const said = error instanceof ServiceUnreachable ? (why ?? what) : what;
  return { phase: 'lost', why: said, startable: true };
}

/** A start (or a stop) that goes on: the phase that it is in. */
export interface Starting {
  /** Not known yet where the command line chooses. */
  readonly engine?: EngineName;
  readonly phase: string;
  readonly detail: string;
  /** Somebody else runs it: another window, a terminal. */
  readonly elsewhere?: true;
}
