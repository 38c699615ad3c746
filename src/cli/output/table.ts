import type { Colors } from './terminal.ts';
import { pad, widthOf } from './text.ts';

/** Rows under headings, each column as wide as its widest cell; two spaces between, nothing behind the last. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  colors: Colors,
): string[] {
  const widths = headings.map((heading, column) =>
    Math.max(widthOf(heading), ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : pad(cell, widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(headings.map((heading) => colors.dim(heading))), ...rows.map(line)];
}
