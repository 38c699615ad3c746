import type { Container } from 'dockerode';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { daemonOf, openAnswer } from './call.ts';
import { orUndefined } from './daemonError.ts';

/** A line that a container has printed, without its end. */
export interface LogLine {
  /** With a terminal there is but one: `stdout`. */
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface FollowOptions {
  /** How many of the lines so far. Default: all. */
  readonly lines?: number;
  /** Only lines printed from this moment on. */
  readonly since?: Date;
  /** Whether to wait for further lines until the container stops. */
  readonly follow: boolean;
  /** Ends the lines without an error. */
  readonly signal: AbortSignal;
  /** Whether the container has a terminal. Default: it is asked, which waits where Docker is just starting it. */
  readonly tty?: boolean;
}

/** The last lines that a container has printed; none where it is gone. */
export async function lastLogLines(
  container: Container,
  n: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of followLog(container, { lines: n, follow: false, signal })) lines.push(text);
  return lines.slice(-n);
}

/**
 * A container's lines, as they come; ends when there are no more. None where the container is gone. When it stops, Docker 20.10
 * may keep back a last line that has no end (`lastLogLines` has it).
 */
export async function* followLog(
  container: Container,
  { follow, lines, signal, since, tty }: FollowOptions,
): AsyncGenerator<LogLine, void, undefined> {
  try {
    const hasTerminal = tty ?? (await orUndefined(container.inspect()))?.Config.Tty;
    if (hasTerminal === undefined) return;
    const answer = await orUndefined(
      openAnswer(daemonOf(container), {
        method: 'GET',
        path: `/containers/${container.id}/logs`,
        query: {
          ...{ stdout: true, stderr: true, follow, tail: lines ?? 'all' },
          since: since && (since.getTime() / 1000).toFixed(3),
        },
        signal,
      }),
    );
    if (answer) yield* linesOf(hasTerminal ? terminal(answer) : frames(answer));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** A piece of what a container prints, as it comes. */
export interface Piece {
  readonly stream: LogLine['stream'];
  readonly bytes: Buffer;
}

/** With a terminal the bytes come as they are. */
export async function* terminal(answer: Readable): AsyncGenerator<Piece, void, undefined> {
  for await (const chunk of answer) yield { stream: 'stdout', bytes: chunk as Buffer };
}

/** Without one both streams come in frames: a byte for the stream, three of nothing, four for the length. */
export async function* frames(answer: Readable): AsyncGenerator<Piece, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of answer) {
    rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= 8) {
      const end = 8 + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield { stream: rest[0] === 2 ? 'stderr' : 'stdout', bytes: rest.subarray(8, end) };
      rest = rest.subarray(end);
    }
  }
}

async function* linesOf(pieces: AsyncIterable<Piece>): AsyncGenerator<LogLine, void, undefined> {
  const streams = {
    stdout: { decoder: new StringDecoder('utf8'), rest: '' },
    stderr: { decoder: new StringDecoder('utf8'), rest: '' },
  };
  for await (const { bytes, stream } of pieces) {
    const state = streams[stream];
    const lines = (state.rest + state.decoder.write(bytes)).split('\n');
    state.rest = lines.pop() ?? '';
    for (const text of lines) yield { stream, text: text.replace(/\r$/, '') };
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const { decoder, rest } = streams[stream];
    const text = rest + decoder.end();
    if (text !== '') yield { stream, text };
  }
}
