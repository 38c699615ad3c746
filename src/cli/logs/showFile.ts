import { airflowLog, type LogEvent } from '../../api/logs.ts';
import { ServiceProblem } from '../../client/errors.ts';
import type { ClusterLink } from '../cluster.ts';
import type { Context } from '../context.ts';
import { BytesOutput } from './bytesOutput.ts';
import { fromLastLines } from './lastLines.ts';
import { MergedRows } from './mergedRows.ts';
import { offsetSince } from './offsetSince.ts';
import { readLog } from './read.ts';
import type { LogRequest } from './request.ts';
import { RowsOutput } from './rowsOutput.ts';
import type { Tell } from './tell.ts';

/** A task run, or one launch of it, whose log is shown. */
export interface LogOf {
  readonly id: string;
  readonly try_number: number;
}

/** What came of showing a log. */
export interface Shown {
  /** Something was read of it, whether or not it was asked for. */
  readonly isThere: boolean;
  /** Its sandbox is gone. */
  readonly isGone: boolean;
}

/** Prints what is asked for of a log, to its end or as it stands. */
export async function showFile(
  link: ClusterLink,
  of: LogOf,
  request: LogRequest,
  context: Context,
  tell: Tell,
): Promise<Shown> {
  const { files, raw, json, since, filter } = request;
  const [file = 'stdout', ...others] = files;
  const isSelected = json || since !== undefined || filter !== undefined || others.length > 0;
  const asBytes = raw || !(isSelected || file === airflowLog);
  // Who reads along wants what is new; for a program, or where something is looked for, nothing is skipped.
  const whole = !asBytes || !context.out.isTerminal;
  const told = new Told(tell);
  const left = new AbortController();
  const signal = AbortSignal.any([context.interrupts.signal, left.signal]);
  const eventsOf = (name: string): AsyncIterable<LogEvent> =>
    told.of(opened(link, of, name, request, { whole, tell, signal }));
  try {
    if (asBytes) await showBytes(eventsOf(file), request, context, tell);
    else await showRows(files, eventsOf, of, request, context, tell);
  } finally {
    left.abort();
  }
  return told;
}

async function* opened(
  link: ClusterLink,
  { id }: LogOf,
  file: string,
  { follow, lines, since, filter }: LogRequest,
  options: { readonly whole: boolean; readonly tell: Tell; readonly signal: AbortSignal },
): AsyncGenerator<LogEvent, void, undefined> {
  const open = (offset: number): AsyncIterable<LogEvent> =>
    readLog(link, { ...options, id, file, offset, follow });
  if (since !== undefined) yield* open(await beginOf(link, id, file, since));
  else if (lines === undefined || filter) yield* open(0);
  // Some records of Airflow's are no line at all.
  else yield* fromLastLines(open, file === airflowLog ? 2 * lines + 20 : lines);
}

/** Where a log that is read for what is young begins. */
async function beginOf(link: ClusterLink, id: string, file: string, since: number): Promise<number> {
  try {
    return await offsetSince((offset) => link.ask((client) => client.log(id, { file, offset })), file, since);
  } catch (error) {
    // No such file, or an agent that is away: whoever reads it says so.
    if (error instanceof ServiceProblem) return 0;
    throw error;
  }
}

async function showBytes(
  events: AsyncIterable<LogEvent>,
  { raw, allTries }: LogRequest,
  { out }: Context,
  tell: Tell,
): Promise<void> {
  const output = new BytesOutput(out, { raw, tell });
  try {
    for await (const event of events) {
      if (event.type === 'data') await output.write(event.offset, event.data);
    }
    if (out.isTerminal || allTries) output.endLine();
  } finally {
    output.close();
  }
}

async function showRows(
  files: readonly string[],
  eventsOf: (file: string) => AsyncIterable<LogEvent>,
  { id, try_number }: LogOf,
  request: LogRequest,
  { out }: Context,
  tell: Tell,
): Promise<void> {
  const { json, lines } = request;
  const nameWidth = files.length > 1 ? Math.max(...files.map(({ length }) => length)) : undefined;
  const output = new RowsOutput(out, { json, tell, ...(nameWidth === undefined ? {} : { nameWidth }) });
  const merged = new MergedRows(files, request, lines);
  const show = async (file: string): Promise<void> => {
    for await (const event of eventsOf(file)) await write(merged.take(file, event));
    await write(merged.end(file));
  };
  const write = (rows: ReturnType<MergedRows['take']>): Promise<void> =>
    output.write(rows.map(({ source, row }) => ({ row, origin: { file: source, task: id, try_number } })));
  await Promise.all(files.map(show));
  for (const remark of merged.remarks) tell(remark);
}

/** Says what is to be said of a log, and notes what became of it. */
class Told implements Shown {
  isThere = false;
  isGone = false;
  readonly #tell: Tell;
  #last = '';

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  async *of(events: AsyncIterable<LogEvent>): AsyncGenerator<LogEvent, void, undefined> {
    for await (const event of events) {
      if (event.type === 'data') this.isThere ||= event.data.length > 0;
      if (event.type === 'note') {
        this.isGone ||= event.note === 'gone';
        // All files of a sandbox are gone at once.
        if (event.text !== this.#last) this.#tell(event.text);
        this.#last = event.text;
      }
      yield event;
    }
  }
}
