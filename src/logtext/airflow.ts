import { levelNamed } from './head.ts';
import { fieldText } from './pythonText.ts';
import type { Level } from './row.ts';
import { tracebackOf } from './traceback.ts';

// Airflow 3 writes a task's log as JSON lines. A record is drawn as textlog.py (in airflow_mesos) draws it on standard
// output, so that the same record is the same text in both, but for the source lines of a traceback, which the JSON lacks.

/** Longer lines are not looked at as JSON: an exception with a thousand frames is far below. */
export const mostRecordBytes = 1024 * 1024;

/** The same in every record of one task, or of use to programs only. */
const silent: ReadonlySet<string> = new Set([
  ...['dag_id', 'task_id', 'run_id', 'try_number', 'map_index', 'ti_id', 'ti'],
  ...['loc', 'filename', 'lineno', 'func_name', 'module', 'logger_name', 'positional_args'],
]);

export interface RecordText {
  /** None for what only folds lines in Airflow's UI. */
  readonly lines: readonly string[];
  readonly level: Level;
  readonly time: number | undefined;
}

/** Undefined for a line that is no record. */
export function recordText(line: string): RecordText | undefined {
  const record = recordOf(line);
  if (!record) return undefined;
  const { timestamp, level, logger, event, error_detail, exception, stack, exc_info, ...rest } = record;
  const instant = typeof timestamp === 'string' ? instantOf(timestamp) : undefined;
  const name = typeof level === 'string' ? level : 'info';
  const found = { level: levelNamed(name) ?? 'info', time: instant };
  if (event === '::endgroup::') return { lines: [], ...found };
  const stamp = instant === undefined ? textOf(timestamp) : new Date(instant).toISOString();
  const message = textOf(event).replace(/^::group::/, '');
  const [first = '', ...more] = [
    `${stamp} ${name.toUpperCase().padEnd(8)} ${textOf(logger) || 'task'}`,
    message,
  ]
    .join(' ')
    .trimEnd()
    .split('\n');
  const detail = error_detail ?? exception;
  const trace = tracebackOf(detail) ?? tracebackOf(exc_info);
  const fields = Object.entries({ ...rest, ...(trace ? {} : leftOver(detail)) })
    .filter(([field]) => !silent.has(field))
    .map(([field, value]) => `${field}=${fieldText(value)}`)
    .join(' ');
  const lines = [first, ...more];
  if (fields !== '') lines.push(`${lines.pop() ?? ''}  ${fields}`);
  if (typeof stack === 'string' && stack !== '') lines.push(...stack.replace(/\n+$/, '').split('\n'));
  return { lines: [...lines, ...(trace ?? [])], ...found };
}

/** A detail that is no exception is not lost. */
function leftOver(detail: unknown): Record<string, unknown> {
  return detail === undefined || detail === null ? {} : { error_detail: detail };
}

function recordOf(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    const isRecord = typeof value === 'object' && value !== null && 'event' in value;
    return isRecord ? { ...value } : undefined;
  } catch {
    // Something else wrote a line into the file, or it was cut off: it is shown as it is.
    return undefined;
  }
}

function instantOf(timestamp: string): number | undefined {
  const instant = Date.parse(timestamp);
  return Number.isNaN(instant) ? undefined : instant;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : fieldText(value);
}
