// What a log's bytes become: rows of plain text with styles, each of which knows the entry that it belongs to.

/** From the least to the worst. */
export const levels = ['debug', 'info', 'warning', 'error', 'critical'] as const;
export type Level = (typeof levels)[number];

/** 0 to 15: a colour of the terminal's theme (8 and up: the bright ones); else `#rrggbb`. */
export type Color = number | `#${string}`;

export interface Style {
  readonly foreground?: Color;
  readonly background?: Color;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly strikethrough?: true;
  /** Foreground and background are exchanged. */
  readonly inverse?: true;
}

/** A part of a row's text, in UTF-16 units. */
export interface StyleSpan {
  readonly start: number;
  readonly end: number;
  readonly style: Style;
}

export interface LogRow {
  /** One line without control characters other than tabs. */
  readonly text: string;
  /** In order, not overlapping. */
  readonly spans: readonly StyleSpan[];
  /** Begins an entry; others (tracebacks, further lines of a message) go with the row before. */
  readonly head: boolean;
  /** Of the entry; undefined where none of its lines says one. */
  readonly level: Level | undefined;
  /** Of the entry, in milliseconds since 1970; undefined where it says none. */
  readonly time: number | undefined;
  /** Where the line that the row is made of begins in the file, in bytes. */
  readonly offset: number;
  /** Says something about the file and is no part of it: no filter hides it. */
  readonly note?: true;
}

/** Whether a level is at least another one. What says no level counts as info. */
export function isAtLeast(level: Level | undefined, least: Level): boolean {
  return levels.indexOf(level ?? 'info') >= levels.indexOf(least);
}
