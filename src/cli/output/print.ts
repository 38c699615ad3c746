import type { Terminal } from './terminal.ts';

/** Prints data: as JSON where that was asked for, else as lines for a person. */
export function print(
  out: Terminal,
  options: { readonly json?: true },
  data: unknown,
  lines: () => readonly string[],
): void {
  if (options.json) out.line(JSON.stringify(data, null, 2));
  else
    out.write(
      lines()
        .map((line) => `${line}\n`)
        .join(''),
    );
}
