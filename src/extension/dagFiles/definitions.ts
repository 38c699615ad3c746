import { argumentsAt, codeOf, literalOf } from './pythonText.ts';

interface Definition {
  /** Counted from 0. */
  readonly line: number;
  /** Undefined where only running the file tells. */
  readonly dagId: string | undefined;
}

/**
 * The line (counted from 0) of the `@dag` or `DAG(` that defines a DAG. Where none names it: that of the first whose id
 * only running the file tells; else the file's first line.
 */
export function definitionLine(text: string, dagId: string): number {
  const definitions = definitionsIn(text);
  const named = definitions.find((definition) => definition.dagId === dagId);
  return (named ?? definitions.find((definition) => definition.dagId === undefined))?.line ?? 0;
}

/** All that look like one, in their order. */
function definitionsIn(text: string): Definition[] {
  const code = codeOf(text);
  const definitions: Definition[] = [];
  // `@dag`, `@decorators.dag`, `DAG(`, `models.DAG(`; not `MyDAG(` nor `def DAG(`.
  for (const match of code.matchAll(/(@[ \t]*(?:\w+\.)*dag\b)|(?<![\w.])(?:\w+\.)*DAG[ \t]*(?=\()/g)) {
    const { index } = match;
    if (/\b(?:class|def)[ \t]+$/.test(code.slice(Math.max(0, index - 10), index))) continue;
    const end = index + match[0].length;
    const open = /^[ \t]*\(/.exec(code.slice(end, end + 50));
    const ranges = open ? argumentsAt(code, end + open[0].length - 1) : [];
    // Being typed.
    if (!ranges) continue;
    const called = idIn(text, code, ranges);
    const isDecorator = match[1] !== undefined;
    const dagId = called
      ? called.value
      : isDecorator
        ? functionAfter(code, ranges.at(-1)?.[1] ?? end)
        : undefined;
    definitions.push({ line: lineAt(text, index), dagId });
  }
  return definitions;
}

/** The id that a call is given, its first argument or `dag_id=`: undefined where it is given none. */
function idIn(
  text: string,
  code: string,
  ranges: readonly [number, number][],
): { readonly value: string | undefined } | undefined {
  for (const [index, [start, end]] of ranges.entries()) {
    if (text.slice(start, end).trim() === '' || code.slice(start, end).trim() === '') continue;
    const keyword = /^\s*(\w+)\s*=(?!=)/.exec(code.slice(start, end));
    if (keyword?.[1] === 'dag_id') return { value: valueOf(text, code, start + keyword[0].length, end) };
    // `**common` may have one, but then the first argument has not.
    if (!keyword && index === 0 && !/^\s*\*/.test(code.slice(start, end))) {
      return { value: valueOf(text, code, start, end) };
    }
  }
  const isUnpacked = ranges.some(([start, end]) => /^\s*\*/.test(code.slice(start, end)));
  return isUnpacked ? { value: undefined } : undefined;
}

/** Of a literal, or of a name that the file gives a literal. */
function valueOf(text: string, code: string, start: number, end: number): string | undefined {
  // Without a comment beside it: in the code it is blank, as is the inside of a string.
  const written = text.slice(start, end).replace(/^\s*(?:#[^\n]*\n\s*)*/, '');
  const uncommented = written.replace(/\s*#[^"'\n]*$/gm, '');
  const name = code.slice(start, end).trim();
  if (!/^[A-Za-z_]\w*$/.test(name)) return literalOf(uncommented);
  const given = new RegExp(`^${name}[ \\t]*(?::[^=\\n]*)?=(?!=)[ \\t]*`, 'm').exec(code);
  if (!given) return undefined;
  const from = given.index + given[0].length;
  const line = text.slice(from).split('\n', 1)[0] ?? '';
  return literalOf(line.replace(/\s*#[^"'\n]*$/, ''));
}

/** The name of the function that a decorator which ends here decorates. */
function functionAfter(code: string, end: number): string | undefined {
  return /\bdef[ \t]+(\w+)/.exec(code.slice(end))?.[1];
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length - 1;
}
