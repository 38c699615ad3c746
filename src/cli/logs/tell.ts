import type { Context } from '../context.ts';
import { oneLine } from '../output/text.ts';

/** Says something of a log beside it. */
export type Tell = (text: string) => void;

/** On standard error, so that what is printed of a log is the log. */
export function tellOn({ err }: Pick<Context, 'err'>, { json }: { readonly json: boolean }): Tell {
  return (text) => {
    const note = oneLine(text);
    err.line(json ? JSON.stringify({ note }) : err.colors.italic(`── ${note} ──`));
  };
}
