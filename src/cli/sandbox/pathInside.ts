import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';

/** A path in a sandbox as a person names it, `''` for the sandbox itself. Throws CommandError (2) where it leads out of it. */
export function pathInside(text: string): string {
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  const wrong = text.includes('\0')
    ? 'it has a NUL character'
    : text.startsWith('/')
      ? 'it is absolute'
      : text.includes('\\')
        ? 'it has a backslash: its parts are separated by /'
        : parts.includes('..')
          ? 'it leads out of the sandbox'
          : undefined;
  if (wrong === undefined) return parts.join('/');
  throw new CommandError(exitCodes.usage, `${JSON.stringify(text)} names nothing in a sandbox`, {
    why: wrong,
    next: 'Give a path as `mesos-airflow sandbox ls TASK` shows it.',
  });
}

/** The folder that a path stands in, and its name there. */
export function parentOf(path: string): { readonly folder: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return { folder: path.slice(0, Math.max(0, slash)), name: path.slice(slash + 1) };
}
