import { once, type EventEmitter } from 'node:events';
import type { Session, SessionExit } from '../../client/session.ts';
import { undoTerminalModes } from '../../client/terminalModes.ts';

/** Standard input, as far as it is needed. */
export interface ShellInput extends EventEmitter {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  pause(): unknown;
  resume(): unknown;
}

/** Standard output or error. */
export interface ShellOutput extends EventEmitter {
  readonly isTTY?: boolean;
  readonly rows?: number;
  readonly columns?: number;
  readonly destroyed: boolean;
  write(data: Uint8Array | string): boolean;
}

/** What a person or a program talks to the shell through. */
export interface ShellStreams {
  readonly input: ShellInput;
  readonly output: ShellOutput;
  readonly errors: ShellOutput;
}

/** The size of the terminal that the streams are; undefined where one of them is a file or a pipe. */
export function terminalOf({
  input,
  output,
}: Pick<ShellStreams, 'input' | 'output'>): { rows: number; columns: number } | undefined {
  if (input.isTTY !== true || output.isTTY !== true) return undefined;
  return { rows: orUsual(output.rows, 24), columns: orUsual(output.columns, 80) };
}

/** Some terminals say 0 of what they don't know. */
function orUsual(size: number | undefined, usual: number): number {
  return size === undefined || size === 0 ? usual : size;
}

/**
 * Joins the streams to a session until its command ends. `tty`: they are a terminal, and so has the command one: each key
 * goes there as it is, Ctrl-C too. However it ends, the terminal is as it was.
 */
export async function converse(
  session: Pick<Session, 'exit' | 'onOutput' | 'write' | 'endInput' | 'resize'>,
  { input, output, errors }: ShellStreams,
  tty: boolean,
): Promise<SessionExit> {
  const resized = (): void => {
    const size = terminalOf({ input, output });
    if (size) session.resize(size.rows, size.columns);
  };
  const typed = (data: Uint8Array | string): void => {
    input.pause();
    void session.write(data).then(() => {
      if (!over) input.resume();
    });
  };
  const ended = (): void => session.endInput();
  let over = false;
  let orderly = false;
  session.onOutput((stream, data) => written(stream === 'stderr' ? errors : output, data));
  if (tty) {
    input.setRawMode?.(true);
    output.on('resize', resized);
  }
  try {
    input.on('data', typed).on('end', ended);
    const exit = await session.exit;
    orderly = exit.signal === undefined && exit.why === undefined;
    return exit;
  } finally {
    over = true;
    input.off('data', typed).off('end', ended);
    input.pause();
    output.off('resize', resized);
    if (tty) {
      if (!orderly && !output.destroyed) output.write(undoTerminalModes);
      input.setRawMode?.(false);
    }
  }
}

/** Whoever reads slowly is not given more meanwhile; who reads no more is not waited for. */
async function written(stream: ShellOutput, data: Uint8Array): Promise<void> {
  if (stream.destroyed || stream.write(data)) return;
  const settled = new AbortController();
  const { signal } = settled;
  try {
    await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]);
  } finally {
    settled.abort();
  }
}
