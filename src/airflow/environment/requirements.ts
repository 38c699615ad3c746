import path from 'node:path';
import { readIfThere } from '../../host/files.ts';
import { normalName } from './lock.ts';

/** A workspace's requirements.txt that asks for something. */
export interface Requirements {
  readonly file: string;
  /** Its text and that of all files that it includes: what an environment's key is made of. */
  readonly content: string;
  readonly lines: readonly RequirementLine[];
}

export interface RequirementLine {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  /** The package's name in normal form; undefined for options, addresses and paths. */
  readonly name: string | undefined;
}

/** Reads a requirements file and those that it includes (`-r`, `-c`); undefined where it isn't there or asks for nothing. */
export async function readRequirements(file: string): Promise<Requirements | undefined> {
  const texts: string[] = [];
  const lines: RequirementLine[] = [];
  const seen = new Set<string>();
  const read = async (from: string): Promise<void> => {
    if (seen.has(from)) return;
    seen.add(from);
    const text = await readIfThere(from);
    // pip names a missing included file better than we could.
    if (text === undefined) return;
    texts.push(text);
    for (const [index, raw] of text.split(/\r?\n/).entries()) {
      const stripped = raw.replace(/(^|\s)#.*$/, '').trim();
      if (stripped === '') continue;
      const included = /^(?:-r|--requirement|-c|--constraint)[ =]*(\S+)$/.exec(stripped)?.[1];
      if (included && !/^[a-z]+:\/\//i.test(included)) await read(path.resolve(path.dirname(from), included));
      lines.push({ file: from, line: index + 1, text: stripped, name: nameIn(stripped) });
    }
  };
  await read(path.resolve(file));
  return lines.length === 0 ? undefined : { file: path.resolve(file), content: texts.join('\0'), lines };
}

function nameIn(requirement: string): string | undefined {
  const found = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\]\s*)?(?:[<>=!~;@(]|$)/.exec(
    requirement,
  );
  return found?.[1] === undefined ? undefined : normalName(found[1]);
}
