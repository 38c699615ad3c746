import * as z from 'zod/mini';
import { problem } from './common.ts';

// A command in a task's sandbox, on its agent, while the task runs: a shell, or what a person's tools run there.
//   POST tasks/{id}/session?tty=&rows=&columns=&command=
//     with `Connection: Upgrade`, `Upgrade: mesos-airflow-session` and no body
//   -> 101, then RecordIO (`<bytes>\n`, then so many) both ways: a sessionRequest or a sessionEvent in JSON each
// tty: true | false (the default); rows, columns: of the terminal, as it is at first (default 24, 80); command: a JSON array
// of words, the program first, as `["python","-c","print(1)"]`; without it the person's shell.
// The connection is the session: where it ends, the command and all that it started is ended. Neither side keeps more than
// it can hand on: who does not read is not sent more, down to the process, which then waits.

/** What the connection is upgraded to. */
export const sessionProtocol = 'mesos-airflow-session';

/** So many bytes one record has at most, either way. */
export const mostSessionRecord = 1024 * 1024;

/** So many bytes of input one record has at most, before they are written as base64; more is sent in several. */
export const mostSessionInput = 64 * 1024;

/** Rows and columns of a terminal. */
export const terminalSide = z.int().check(z.gte(1), z.lte(9999));

/** What a client sends. */
export const sessionRequest = z.discriminatedUnion('type', [
  /** For the command's input; base64. */
  z.object({ type: z.literal('input'), data: z.string() }),
  /** No input follows: the command reads the end of its input; at a terminal, Ctrl-D is sent. */
  z.object({ type: z.literal('end-of-input') }),
  /** The terminal has another size now. Without a terminal it means nothing. */
  z.object({ type: z.literal('resize'), rows: terminalSide, columns: terminalSide }),
]);
export type SessionRequest = z.infer<typeof sessionRequest>;

/** What the service sends. The last is `exit` or `error`, then it closes. */
export const sessionEvent = z.discriminatedUnion('type', [
  /** Base64, cut anywhere: a character may go on in the next. At a terminal all comes on stdout. */
  z.object({ type: z.literal('output'), stream: z.enum(['stdout', 'stderr']), data: z.string() }),
  /** The command ended, and all that it wrote was sent. */
  z.object({
    type: z.literal('exit'),
    /** As a shell says it: what the command returned, or 128 and the number of the signal that ended it. */
    status: z.int(),
    /** The signal that ended it: SIGKILL, … */
    signal: z.optional(z.string()),
    /** Where not the command ended it: a sentence for a person. */
    why: z.optional(z.string()),
  }),
  /** It is not known how the command ended. */
  z.object({ type: z.literal('error'), ...problem.shape }),
]);
export type SessionEvent = z.infer<typeof sessionEvent>;
