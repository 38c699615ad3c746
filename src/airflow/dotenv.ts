import { readIfThere } from '../host/files.ts';

/** The variables of a .env file; none where there is no such file. */
export async function readDotenv(file: string): Promise<Record<string, string>> {
  return parseDotenv((await readIfThere(file)) ?? '');
}

const assignment =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \t]*=[ \t]*(?:'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|([^\r\n]*))/gm;

/**
 * Reads .env text as the common dotenv programs do: `NAME=value` or `export NAME=value` a line, `#` comments, values
 * bare, in single quotes (as they stand) or in double quotes (with \n, \r, \t, \", \\ and \$), quoted ones over
 * several lines. A bare value ends at ` #`. Variables are not expanded. Of two of a name the later counts; lines that
 * are no assignment are skipped.
 */
export function parseDotenv(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const match of text.replace(/^\uFEFF/, '').matchAll(assignment)) {
    const [, name, single, double, bare] = match;
    if (name === undefined) continue;
    variables[name] = single ?? (double === undefined ? bareValue(bare ?? '') : unescape(double));
  }
  return variables;
}

function bareValue(text: string): string {
  return text.replace(/(^|[ \t])#.*$/, '').trim();
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unescape(text: string): string {
  return text.replace(/\\([\s\S])/g, (whole, character: string) => {
    if (character in escapes) return escapes[character] ?? '';
    return '"\\$`'.includes(character) ? character : whole;
  });
}
