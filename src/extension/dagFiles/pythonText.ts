/**
 * Python's text with comments and the contents of strings blanked, at the same offsets and lines: what is left is code,
 * and brackets and commas in it are those of the code.
 */
export function codeOf(text: string): string {
  // A comment, or a string with its prefix: triple-quoted ones first. One that is never closed ends with its line.
  const pieces =
    /#[^\n]*|[rbfuRBFU]{0,2}(?:"""(?:\\[^]|(?!""")[^])*(?:"""|$)|'''(?:\\[^]|(?!''')[^])*(?:'''|$)|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?)/g;
  return text.replace(pieces, (piece) => {
    const blank = piece.replace(/[^\n]/g, ' ');
    // A mark, so that a string is something where an argument is looked for.
    return piece.startsWith('#') ? blank : `"${blank.slice(1)}`;
  });
}

/** The value of a plain string literal; undefined where it is anything else (an f-string with values, a sum, a name). */
export function literalOf(expression: string): string | undefined {
  const match = /^([rbuf]?)("""|'''|"|')([^]*)\2$/i.exec(expression.trim());
  const [, prefix = '', quote = '', value = ''] = match ?? [];
  if (!match || value.includes(quote) || value.includes('\\')) return undefined;
  return /f/i.test(prefix) && /[{}]/.test(value) ? undefined : value;
}

/** The arguments of the call whose bracket opens at `open`, as ranges of the text; undefined where it is not closed. */
export function argumentsAt(code: string, open: number): [number, number][] | undefined {
  const ranges: [number, number][] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < code.length; at += 1) {
    const character = code[at] ?? '';
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    if (depth === 0 || (depth === 1 && character === ',')) {
      ranges.push([start, at]);
      start = at + 1;
    }
    if (depth === 0) return ranges;
  }
  return undefined;
}
