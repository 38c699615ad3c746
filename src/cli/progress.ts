import { Option } from 'commander';
import type { Watch } from '../engines/engine.ts';
import type { Context } from './context.ts';
import { errorRecord } from './errors.ts';
import { jsonProgress, phaseView } from './output/phaseView.ts';

export interface ProgressOption {
  readonly progress: 'auto' | 'json';
}

export function progressOption(): Option {
  return new Option('--progress <how>', 'how to show progress; json: one object a line, for programs')
    .choices(['auto', 'json'])
    .default('auto');
}

/** Says how something ended: as a record to programs, as text to people. */
export type Say = (record: Readonly<Record<string, unknown>>, ...lines: readonly string[]) => void;

/** An error that was told already, as a record of the progress. */
export class ToldError extends Error {
  constructor(cause: unknown) {
    super('told already', { cause });
    this.name = 'ToldError';
  }
}

/** Runs something that reports phases, and shows them in the way that was asked for. */
export async function withProgress<T>(
  context: Context,
  options: ProgressOption,
  work: (watch: Watch, say: Say) => Promise<T>,
): Promise<T> {
  const { out } = context;
  const json = options.progress === 'json';
  const view = json ? jsonProgress(out) : phaseView(out);
  let open = true;
  const close = (): void => {
    if (open) view.close();
    open = false;
  };
  const say: Say = (record, ...lines) => {
    close();
    if (json) out.line(JSON.stringify(record));
    else for (const line of lines) out.line(line);
  };
  try {
    return await work({ progress: view.progress, signal: context.interrupts.signal }, say);
  } catch (error) {
    if (!json) throw error;
    out.line(JSON.stringify({ type: 'error', ...errorRecord(error) }));
    throw new ToldError(error);
  } finally {
    close();
  }
}
