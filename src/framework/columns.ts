import type { SQLOutputValue } from 'node:sqlite';

export type Row = Record<string, SQLOutputValue>;

/** A row does not have the shape that the schema gives it: the file was changed by somebody else. */
export class BadColumn extends Error {
  readonly column: string;
  constructor(column: string) {
    super(`The store's column ${column} holds something unexpected.`);
    this.name = 'BadColumn';
    this.column = column;
  }
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new BadColumn(column);
  return value;
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new BadColumn(column);
  return value;
}

export function numberOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : number(row, column);
}

/** One of a closed set of words. */
export function word<T extends string>(row: Row, column: string, words: ReadonlySet<T>): T {
  const value = text(row, column);
  for (const known of words) if (known === value) return known;
  throw new BadColumn(column);
}

export function wordOrNull<T extends string>(row: Row, column: string, words: ReadonlySet<T>): T | null {
  return row[column] === null ? null : word(row, column, words);
}

/** A JSON object of texts. */
export function texts(row: Row, column: string): Record<string, string> {
  const value: unknown = JSON.parse(text(row, column));
  if (typeof value !== 'object' || value === null) throw new BadColumn(column);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
}
