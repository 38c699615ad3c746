import { setTimeout as delay } from 'node:timers/promises';
import type { TaskRun } from '../api/people.ts';
import type { ServiceClient } from '../client/serviceClient.ts';
import { ColourText } from '../logtext/colourText.ts';
import type { ClusterLink } from './cluster.ts';
import type { Context } from './context.ts';
import { CommandError } from './errors.ts';
import { exitCodes } from './exitCodes.ts';

export interface LogOptions {
  readonly stderr?: true;
  readonly follow?: true;
  readonly tail?: number;
  /** A terminal gets control sequences, too. */
  readonly raw?: true;
}

/** Between looks for more of a log that is followed, in milliseconds: doubled while nothing comes. */
const firstPauseMs = 250;
const longestPauseMs = 2000;
const pieceBytes = 65_536;

/** Prints a task run's log as it stands, and with `follow` what is written to it until the task is over. */
export async function showLog(
  link: ClusterLink,
  run: TaskRun,
  options: LogOptions,
  context: Context,
): Promise<void> {
  const file = options.stderr ? 'stderr' : 'stdout';
  if (run.mesos_task_id === null && !options.follow) {
    throw new CommandError(exitCodes.failed, `${run.key.task_id} has no log yet`, {
      why: run.waits ?? 'it has not been started on an agent',
      next: 'Wait for it: mesos-airflow logs TASK --follow',
    });
  }
  const write = writerTo(context, options);
  let offset = 0;
  if (options.tail !== undefined && run.mesos_task_id !== null) {
    const last = await tail(link.client, run.id, file, options.tail);
    write(last.text);
    offset = last.next;
  }
  let pause = firstPauseMs;
  for (;;) {
    const from = offset;
    const piece = await link.ask((client) => pieceOf(client, run.id, file, from));
    if (piece.data !== '') write(piece.data);
    offset = piece.next;
    if (piece.data !== '' && offset < piece.size) continue;
    if (!options.follow || piece.ended) return;
    pause = piece.data === '' ? Math.min(pause * 2, longestPauseMs) : firstPauseMs;
    await delay(pause);
  }
}

/** What a task writes may take a terminal over: of control sequences one gets colours only. Files and pipes get all. */
function writerTo({ out }: Context, { raw }: LogOptions): (text: string) => void {
  if (raw || !out.interactive) return (text) => out.write(text);
  const safe = new ColourText();
  return (text) => out.write(safe.write(text));
}

interface Piece {
  readonly data: string;
  readonly next: number;
  readonly size: number;
  readonly ended: boolean;
}

/** A piece of the log; a task that waits for its launch has an empty one. */
async function pieceOf(client: ServiceClient, id: string, file: string, offset: number): Promise<Piece> {
  const run = await client.task(id);
  if (run.mesos_task_id === null) return { data: '', next: offset, size: offset, ended: run.ended !== null };
  return client.log(id, { file, offset, length: pieceBytes });
}

/** The last lines of a log, and where they end (in bytes). */
export async function tail(
  client: Pick<ServiceClient, 'log'>,
  id: string,
  file: string,
  lines: number,
): Promise<{ readonly text: string; readonly next: number; readonly source: string }> {
  let bytes = Math.max(4096, lines * 160);
  for (;;) {
    const pieces: string[] = [];
    const first = await client.log(id, { file, offset: -bytes, length: pieceBytes });
    pieces.push(first.data);
    let { next } = first;
    while (next < first.size) {
      const more = await client.log(id, { file, offset: next, length: pieceBytes });
      if (more.data === '') break;
      pieces.push(more.data);
      ({ next } = more);
    }
    const text = pieces.join('');
    const whole = bytes >= first.size;
    const all = text.split('\n');
    const ended = all.at(-1) === '' ? all.pop() : undefined;
    // Unless the whole file is here, the first line may be the rest of one.
    if (whole || all.length > lines) {
      const last = lines === 0 ? [] : all.slice(-lines);
      const end = ended === undefined || last.length === 0 ? '' : '\n';
      return { text: last.join('\n') + end, next, source: first.source };
    }
    bytes *= 4;
  }
}
