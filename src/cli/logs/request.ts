import { airflowLog } from '../../api/logs.ts';
import { filterOf, RowFilter, type FilterSpec } from '../../logtext/filter.ts';
import { levelNamed } from '../../logtext/head.ts';
import { BadPattern } from '../../logtext/pattern.ts';
import { levels, type Level } from '../../logtext/row.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { pathInside } from '../sandbox/pathInside.ts';
import { sinceInstant } from '../times.ts';

/** Options of `logs` that say what of a log is shown, and how. */
export interface LogFlags {
  readonly file?: string;
  readonly stderr?: true;
  readonly follow?: true;
  readonly lines?: number;
  readonly since?: string;
  readonly grep?: string;
  readonly level?: string;
  readonly allTries?: true;
  readonly raw?: true;
  readonly json?: true;
}

/** What is left out of a log; a log of which nothing is needs not be understood. */
export interface LogSelection {
  /** Entries of before are left out. Milliseconds since 1970. */
  readonly since?: number;
  readonly filter?: FilterSpec;
}

export interface LogRequest extends LogSelection {
  /** One, or those that are merged by time. */
  readonly files: readonly string[];
  readonly follow: boolean;
  /** The last so many lines alone. */
  readonly lines?: number;
  readonly allTries: boolean;
  /** As it is: control sequences reach a terminal, Airflow's own log is JSON. */
  readonly raw: boolean;
  readonly json: boolean;
}

/** All that there is of a try. */
const allFiles = ['stdout', 'stderr', airflowLog];

/** Throws CommandError (2) for what cannot be understood, or does not go together. */
export function logRequest(flags: LogFlags, now = Date.now()): LogRequest {
  const files = filesOf(flags);
  const { follow, allTries, raw, json, lines } = flags;
  const selection = selectionOf(flags, now);
  if (raw && json) throw usage('--raw and --json are two forms of a log', 'Leave one of them out.');
  if (raw && files.length > 1) {
    throw usage(
      '--raw is for one file: several are merged by the times that their lines say',
      'Name one: --file stdout',
    );
  }
  return {
    ...{
      files,
      follow: follow === true,
      allTries: allTries === true,
      raw: raw === true,
      json: json === true,
    },
    ...(lines === undefined ? {} : { lines }),
    ...selection,
  };
}

/** Throws CommandError (2). */
export function selectionOf({ since, grep, level, raw }: LogFlags, now = Date.now()): LogSelection {
  const chosen = since ?? grep ?? level;
  if (raw && chosen !== undefined) {
    throw usage(
      '--raw shows a log as it is: nothing is left out of it',
      'Leave --raw out, or let another program choose: mesos-airflow logs TASK --raw | grep TEXT',
    );
  }
  const filter = {
    ...(grep === undefined ? {} : wanted(grep)),
    ...(level === undefined ? {} : { level: leastLevel(level) }),
  };
  return {
    ...(since === undefined ? {} : { since: past(since, now) }),
    ...(grep === undefined && level === undefined ? {} : { filter }),
  };
}

function filesOf({ file, stderr }: LogFlags): readonly string[] {
  if (stderr && file !== undefined && file !== 'stderr') {
    throw usage(
      `--stderr is --file stderr, and --file ${file} another file`,
      'Leave one of them out, or take --file all.',
    );
  }
  if (stderr) return ['stderr'];
  if (file === 'all') return allFiles;
  const inside = pathInside(file ?? 'stdout');
  if (inside !== '') return [inside];
  throw usage(
    '--file names no file',
    'Give stdout, stderr, airflow, all, or a path as `sandbox ls TASK` shows it.',
  );
}

function wanted(grep: string): Pick<FilterSpec, 'text' | 'pattern'> {
  if (grep === '')
    throw usage(
      '--grep has nothing to look for',
      "Give a text, or a /regular expression/: --grep '/time(d )?out/'",
    );
  const spec = filterOf(grep);
  try {
    new RowFilter(spec);
  } catch (error) {
    if (!(error instanceof BadPattern)) throw error;
    throw usage(
      `--grep ${grep} is no regular expression`,
      'Without slashes around it it is looked for as it is.',
      error.message,
    );
  }
  return spec;
}

function leastLevel(word: string): Level {
  const level = levelNamed(word);
  if (level) return level;
  throw usage(
    `--level ${JSON.stringify(word)} is no level`,
    `Give one of ${levels.join(', ')}: it and the worse ones are shown.`,
  );
}

function past(since: string, now: number): number {
  const instant = sinceInstant(since, now);
  if (instant <= now) return instant;
  throw usage(
    `--since ${since} is still to come`,
    'Give a time that is over, such as 10m, 14:02 or 2026-11-23T14:02.',
  );
}

function usage(what: string, next: string, why?: string): CommandError {
  return new CommandError(exitCodes.usage, what, { next, ...(why === undefined ? {} : { why }) });
}
