import { terminalOn, type Terminal } from '../../../src/cli/output/terminal.ts';

const escape = String.fromCharCode(27);

/** A terminal that remembers what was written to it, and what a person would see on its screen. */
export function terminalDouble(
  options: { isTTY?: boolean; columns?: number; rows?: number; env?: NodeJS.ProcessEnv } = {},
): Terminal & { readonly written: () => string; readonly screen: () => string[] } {
  let written = '';
  const stream = {
    ...(options.isTTY === undefined ? {} : { isTTY: options.isTTY }),
    columns: options.columns ?? 100,
    rows: options.rows ?? 24,
    write: (text: string) => {
      written += text;
      return true;
    },
  };
  const terminal = terminalOn(stream, options.env ?? {});
  return { ...terminal, written: () => written, screen: () => screenOf(written) };
}

/** Plays the few control sequences that are used: cursor up to the line's start, clear to the end, hide and show. */
function screenOf(text: string): string[] {
  const lines = [''];
  let row = 0;
  // Lines are written from their start, so the column is always the end of the line.
  const pieces = new RegExp(`${escape}\\[[?\\d]*[A-Za-z]|\\n|[^${escape}\\n]+`, 'g');
  for (const [piece] of text.matchAll(pieces)) {
    const up = /\[(\d+)F$/.exec(piece);
    if (piece === '\n') {
      row += 1;
      lines[row] ??= '';
    } else if (up && piece.startsWith(escape)) {
      row -= Number(up[1]);
    } else if (piece === `${escape}[0J`) {
      lines.length = row + 1;
      lines[row] = '';
    } else if (!piece.startsWith(escape)) {
      lines[row] = (lines[row] ?? '') + piece;
    }
  }
  return lines.map((line) => line.trimEnd()).filter((line) => line !== '');
}
