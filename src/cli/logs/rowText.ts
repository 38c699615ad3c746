import { withColors } from '../../logtext/ansi.ts';
import type { LogRow } from '../../logtext/row.ts';
import type { Colors } from '../output/terminal.ts';

/** Where a row is from: what programs are told of it beside its text. */
export interface RowOrigin {
  /** `stdout`, a path in the sandbox; of a part its name. */
  readonly file: string;
  /** The launch on Mesos, and the try that it is of. Not of a part. */
  readonly task?: string;
  readonly try_number?: number;
}

/** A row as a line of a terminal: in its own colours or, where it has none, with bad ones in a colour of ours. */
export function rowText({ text, spans, head, level }: LogRow, colors: Colors): string {
  if (!colors.isColorSupported) return text;
  if (spans.length > 0) return withColors(text, spans);
  if (!head) return text;
  if (level === 'error' || level === 'critical') return colors.red(text);
  return level === 'warning' ? colors.yellow(text) : text;
}

/** A row as a line of JSON. `head`: it begins an entry; what follows, up to the next one, belongs to it. */
export function rowJson(
  { text, head, level, time, offset }: LogRow,
  { file, task, try_number }: RowOrigin,
): string {
  return JSON.stringify({
    ...(task === undefined ? { part: file } : { task, try: try_number, file }),
    ...{ offset, time: time ?? null, level: level ?? null, head, text },
  });
}
