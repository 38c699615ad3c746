import fs from 'node:fs/promises';
import { findCluster, type KnownCluster } from '../../client/discover.ts';
import { checkName } from '../../engines/settings.ts';
import { codeOf } from '../../host/errors.ts';
import type { LogRow } from '../../logtext/row.ts';
import type { Context } from '../context.ts';
import { engineOf } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { BytesOutput } from './bytesOutput.ts';
import type { LogSelection } from './request.ts';
import { RowsOutput } from './rowsOutput.ts';
import { SelectedRows } from './selectedRows.ts';
import { tellOn } from './tell.ts';

const usualLines = 100;
/** Where lines are left out, as many are looked through as a part's log has. */
const allLines = 1_000_000;
/** A line that waits for one that says its time waits so long while nothing comes. Milliseconds. */
const settleMs = 500;

export interface PartRequest extends LogSelection {
  /** The last so many; where some are left out, so many are looked through. */
  readonly lines: number | undefined;
  readonly follow: boolean;
  readonly raw: boolean;
  readonly json: boolean;
}

/** Prints the end of a part's log, of a running or a stopped cluster, and with `follow` what is written until Ctrl-C. */
export async function showPart(
  context: Context,
  name: string,
  part: string,
  request: PartRequest,
): Promise<void> {
  const { follow, raw, json, since, filter } = request;
  const { signal } = context.interrupts;
  const cluster = await findCluster(checkName(name), context.folders);
  const engine = await engineOf(context, name);
  const parts = cluster ? await partsOf(cluster) : undefined;
  if (parts && !parts.includes(part)) {
    throw new CommandError(exitCodes.notFound, `${name} has no part called ${part}`, {
      next: parts.length > 0 ? `Its parts: ${parts.join(', ')}` : 'It has not been started yet.',
    });
  }
  const isSelected = since !== undefined || filter !== undefined;
  const lines = request.lines ?? (isSelected ? allLines : usualLines);
  const open = (until: AbortSignal): AsyncIterable<string> =>
    engine.partLog(name, part, { lines, follow, signal: until });
  if (isSelected || json) await showSelected(open, part, request, context);
  else await showAll(open(signal), context, raw);
}

async function showAll(
  lines: AsyncIterable<string>,
  { out, interrupts }: Context,
  raw: boolean,
): Promise<void> {
  // A terminal is left without colours also where Ctrl-C ends it.
  if (out.isTerminal) interrupts.guard({ force: () => Promise.resolve() });
  const output = new BytesOutput(out, { raw, tell: () => undefined });
  let offset = 0;
  try {
    for await (const line of lines) {
      const data = Buffer.from(`${line}\n`);
      await output.write(offset, data);
      offset += data.length;
    }
  } finally {
    output.close();
  }
  interrupts.signal.throwIfAborted();
}

async function showSelected(
  open: (signal: AbortSignal) => AsyncIterable<string>,
  part: string,
  request: PartRequest,
  context: Context,
): Promise<void> {
  const tell = tellOn(context, request);
  const output = new RowsOutput(context.out, { json: request.json, tell });
  const selected = new SelectedRows(part, request);
  const write = (rows: readonly LogRow[]): Promise<void> =>
    output.write(rows.map((row) => ({ row, origin: { file: part } })));
  let offset = 0;
  const settle = async (): Promise<void> => write(selected.take({ type: 'quiet', size: offset }));
  const failed = new AbortController();
  const settling = setInterval(() => {
    settle().catch((error: unknown) => failed.abort(error));
  }, settleMs);
  try {
    for await (const line of open(AbortSignal.any([context.interrupts.signal, failed.signal]))) {
      const data = Buffer.from(`${line}\n`);
      await write(selected.take({ type: 'data', offset, size: offset + data.length, data }));
      offset += data.length;
    }
  } finally {
    clearInterval(settling);
  }
  failed.signal.throwIfAborted();
  await write(selected.end());
  if (selected.remark !== undefined) tell(selected.remark);
}

/** The parts whose logs there can be; undefined where the folder does not tell. */
async function partsOf({ folder, spec }: KnownCluster): Promise<string[] | undefined> {
  if (spec?.engine === 'docker') return ['service', ...spec.parts.map((part) => part.name)];
  if (!spec) return undefined;
  try {
    const logs = (await fs.readdir(folder.logs)).filter((file) => file.endsWith('.log'));
    return logs.map((file) => file.slice(0, -'.log'.length)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
