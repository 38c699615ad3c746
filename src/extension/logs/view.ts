import { filterOf, type FilterSpec } from '../../logtext/filter.ts';
import type { Level } from '../../logtext/row.ts';

/** What a task run writes: an output, Airflow's own log of the try, or both outputs merged by time (which has Airflow's too). */
export const logFiles = ['stdout', 'stderr', 'airflow', 'all'] as const;
export type LogFile = (typeof logFiles)[number];

export interface LogFilter {
  /** A text, or `/a regular expression/flags`; may be empty. */
  readonly words: string;
  readonly level?: Level;
}

/** What a document shows of its log. */
export interface LogView {
  readonly file: LogFile;
  /** Airflow's own log as it was written, which is JSON. */
  readonly raw?: boolean;
  readonly filter?: LogFilter | undefined;
  /** Opened at this byte of the file; at its end where it is undefined. */
  readonly from?: number | undefined;
  /** Goes on with the next try of the task, once there is one. */
  readonly followsRetries?: boolean;
}

export const usualView: LogView = { file: 'stdout' };

/** Undefined where it lets everything through. */
export function specOf(filter: LogFilter | undefined): FilterSpec | undefined {
  if (!filter || (filter.words === '' && filter.level === undefined)) return undefined;
  const { words, level } = filter;
  return { ...(words === '' ? {} : filterOf(words)), ...(level === undefined ? {} : { level }) };
}

/** A filter as a person reads it; empty where it lets everything through. */
export function wordsOf(filter: LogFilter | undefined): string {
  const { words = '', level } = filter ?? {};
  return [words, level === undefined ? '' : `≥ ${level}`].filter((part) => part !== '').join(' ');
}
