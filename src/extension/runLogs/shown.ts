import type { LogRow } from '../../logtext/row.ts';
import type { Followed } from '../logs/followed.ts';

/** A line of a document. */
export interface ShownLine {
  readonly text: string;
  /** What it shows; undefined for the lines in which the document speaks of the log. */
  readonly row?: LogRow;
  /** Where the row's text begins in the line. */
  readonly indent?: number;
}

/** A text that grows, by lines that know what they show. */
export interface ShownLog extends Followed {
  lines(): readonly ShownLine[];
  /** Resolves once there is something to be seen, or that nothing is can be said. */
  readonly ready: Promise<void>;
  /** Whether the document's end is in view. */
  setAtEnd(atEnd: boolean): void;
}

export function textOf(lines: readonly ShownLine[]): string {
  return lines.map(({ text }) => text).join('\n');
}
