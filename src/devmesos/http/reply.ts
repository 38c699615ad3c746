import type { FileHandle } from 'node:fs/promises';
import { stringify } from '../json.ts';
import type { EventStream } from './eventStream.ts';

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** An answer that goes on: records are written as they come, until either side closes. */
export interface StreamAnswer {
  readonly status: 200;
  readonly headers: Readonly<Record<string, string>>;
  /** How a record is written; default: as JSON. */
  readonly encode?: (event: object) => string | Uint8Array;
  readonly opened: (stream: EventStream) => void;
}

/** An answer whose body is a file: as much of it as there was when it was opened. */
export interface FileAnswer {
  readonly status: 200;
  readonly headers: Readonly<Record<string, string>>;
  readonly file: { readonly handle: FileHandle; readonly size: number };
}

export type Reply = Answer | StreamAnswer | FileAnswer;

const plainText = 'text/plain; charset=utf-8';

/** Mesos's errors are plain text. */
export function text(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return { status, headers: { ...headers, 'Content-Type': plainText }, body };
}

export const badRequest = (body: string): Answer => text(400, body);
export const notFound = (): Answer => text(404, '404 Not Found.');
/** For a file that isn't there: Mesos sends no text then. */
export const noSuchFile = (): Answer => text(404, '');
export const notImplemented = (): Answer => text(501, '501 Not Implemented.');
export const accepted = (): Answer => ({ status: 202 });
export const ok = (): Answer => ({ status: 200 });

export function methodNotAllowed(allowed: string, received: string): Answer {
  return text(405, `405 Method Not Allowed. Expecting one of { '${allowed}' }, but received '${received}'.`, {
    Allow: allowed,
  });
}

/** JSON, or, where a callback's name is given, a script that calls it (jsonp). */
export function json(value: unknown, callback?: string | null): Answer {
  const body = stringify(value);
  return callback
    ? { status: 200, headers: { 'Content-Type': 'text/javascript' }, body: `${callback}(${body})` }
    : { status: 200, headers: { 'Content-Type': 'application/json' }, body };
}
