import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** What is written to and how; commands are given one, tests make their own. */
export interface Terminal {
  /** A terminal, which may obey what is written to it; also one that calls itself dumb. */
  readonly isTerminal: boolean;
  /** Whether the stream is a terminal whose lines can be redrawn. */
  readonly interactive: boolean;
  readonly colors: Colors;
  /** Its size now. Some terminals say 0 of what they don't know: then 100 and 24. */
  readonly columns: () => number;
  readonly rows: () => number;
  write(text: string): void;
  line(text?: string): void;
  /** Bytes as they are; resolves once more can be taken, so that a slow reader is not drowned. */
  bytes(data: Uint8Array): Promise<void>;
}

/** The part of a stream that is needed here. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(data: string | Uint8Array): boolean;
  once?(event: 'drain', listener: () => void): unknown;
}

/**
 * Colours go to terminals only: NO_COLOR and TERM=dumb refuse them, FORCE_COLOR asks for them elsewhere too
 * (https://no-color.org, https://force-color.org). A dumb terminal is not redrawn either.
 */
export function terminalOn(stream: TerminalStream, env: NodeJS.ProcessEnv): Terminal {
  const isTerminal = stream.isTTY === true;
  const interactive = isTerminal && env.TERM !== 'dumb';
  const wanted = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0';
  const colors = pc.createColors(!env.NO_COLOR && (interactive || wanted));
  const write = (text: string): void => {
    stream.write(text);
  };
  return {
    isTerminal,
    interactive,
    colors,
    columns: () => orUsual(stream.columns, 100),
    rows: () => orUsual(stream.rows, 24),
    write,
    line: (text = '') => write(`${text}\n`),
    bytes: (data) =>
      new Promise((resolve) => {
        if (stream.write(data) || !stream.once) resolve();
        else stream.once('drain', resolve);
      }),
  };
}

function orUsual(size: number | undefined, usual: number): number {
  return size === undefined || size === 0 ? usual : size;
}
