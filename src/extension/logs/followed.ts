import type { LogRow } from '../../logtext/row.ts';
import type { Disposable } from '../dispose.ts';
import type { Event } from '../emitter.ts';
import type { LogFile, LogView } from './view.ts';

/** A line of a log document. */
export interface ShownRow {
  /** All of the line. */
  readonly text: string;
  /** What it shows; undefined for the lines in which the document speaks of the log. */
  readonly row?: LogRow;
  /** Where the row's text begins in the line, which is where its spans and links count from. Default 0. */
  readonly indent?: number;
  /** Parts of the line that run a command for the document. */
  readonly commands?: readonly LineCommand[];
}

export interface LineCommand {
  readonly start: number;
  readonly end: number;
  readonly command: 'loadEarlierLog' | 'goToLogEnd' | 'followNextTry';
}

/** A log that grows while it is followed: what a log document shows. */
export interface Followed extends Disposable {
  /** One for each line of the document, as it is to be. */
  readonly rows: readonly ShownRow[];
  readonly onDidChange: Event<void>;
  /** Files that can be chosen in the view; none where there is one. */
  readonly files: readonly LogFile[];
  readonly view: LogView;
  /** Shows something else of it from now on. What cannot be a filter is said in the first line, and not thrown. */
  setView(view: LogView): void;
  /** Reads on until `pause`, or its end. */
  follow(): void;
  pause(): void;
  /** Whether the document's end is in view: where it is not, nothing goes from its beginning, up to a bound. */
  setAtEnd(atEnd: boolean): void;
  /** Whether the end of the document is that of the log, so that a view of it goes on with it. */
  readonly growsAtEnd: boolean;
  /** Moves the window; undefined where there is nothing to move to. */
  readonly moving?: LogMoving;
}

export interface LogMoving {
  /** Shows what lies before the first line. False: there is nothing. */
  loadEarlier(): Promise<boolean>;
  /** Bytes of the file as it was seen last. */
  readonly size: number;
}

export function textOf(rows: readonly ShownRow[]): string {
  return rows.map(({ text }) => text).join('\n');
}
