import path from 'node:path';
import type { CommandUri } from '../../../mesos/types.ts';

/** What can't be right about a command's URIs, in Mesos' words; undefined: nothing. */
export function urisError(uris: readonly CommandUri[]): string | undefined {
  for (const { value, output_file } of uris) {
    const error = valueError(value) ?? (output_file === undefined ? undefined : outputFileError(output_file));
    if (error !== undefined) return error;
  }
  return undefined;
}

function valueError(uri: string): string | undefined {
  if (/[\\'\0]/.test(uri)) return 'Illegal characters in URI';
  const rest = /^.+?:\/\/(.*)$/s.exec(uri)?.[1];
  if (rest === undefined || /\/./s.test(rest)) {
    // It would be written to the sandbox itself, or above it.
    const name = fileNameOf(uri);
    return name === '..' || (name === '.' && uri !== '') ? 'Illegal characters in URI' : undefined;
  }
  return `Malformed URI (missing path): ${uri}`;
}

/** Mesos takes `..` and writes outside of the sandbox; here that is refused like an absolute path. */
function outputFileError(file: string): string | undefined {
  if (file === '') return 'URI output file path is empty';
  if (/[\0]/.test(file)) return 'Illegal characters in URI';
  const inside = !path.isAbsolute(file) && !file.split('/').includes('..') && path.normalize(file) !== '.';
  return inside ? undefined : 'URI output file must be within the sandbox directory';
}

/** The name that a URI's file gets: what follows the last `/`, query and fragment too. */
export function fileNameOf(uri: string): string {
  const rest = /^.+?:\/\/(.*)$/s.exec(uri)?.[1];
  if (rest !== undefined) return rest.slice(rest.lastIndexOf('/') + 1);
  return path.posix.basename(uri) || '.';
}

/** What is fetched over the network. */
export function isNetUri(uri: string): boolean {
  return /^(https?|ftps?):\/\//.test(uri);
}

/** A file of this machine: `{ path }`, or `{ error }`; undefined where the URI has a scheme that isn't `file`. */
export function localPathOf(uri: string): { readonly path: string } | { readonly error: string } | undefined {
  const isFile = uri.startsWith('file://');
  if (!isFile && uri.includes('://')) return undefined;
  const local = (isFile ? uri.slice('file://'.length) : uri).replace(/^localhost/, '');
  if (path.isAbsolute(local)) return { path: local };
  return {
    error: isFile
      ? 'File URI only supports absolute paths'
      : 'A relative path was passed for the resource but the Mesos framework home was not specified. Please either provide this config option or avoid using a relative path',
  };
}
