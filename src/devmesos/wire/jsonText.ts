import type { Json } from '../json.ts';

/** Reads JSON; where it isn't, the error is in the words of Mesos's parser (picojson), which quotes the rest of the line. */
export function parseJson(text: string): { value: Json } | { error: string } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return { error: describe(text) };
  }
}

/** Called for faulty text only, so speed doesn't matter. */
function describe(text: string): string {
  const scanner = new Scanner(text);
  if (scanner.value()) {
    const trailing = text.slice(scanner.at).trim();
    return `Parsed JSON included non-whitespace trailing characters: ${trailing}`;
  }
  const line = text.slice(0, scanner.at).split('\n').length;
  const near = (text.slice(scanner.at).split('\n')[0] ?? '').replace(/\p{Cc}/gu, '');
  return `syntax error at line ${line} near: ${near}`;
}

/** Finds how far a text is JSON. */
class Scanner {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether a value stands here; moves behind it, or to the fault. Deep nesting is a fault of its own. */
  value(depth = 0): boolean {
    if (depth > 500) return false;
    this.#blanks();
    switch (this.#text[this.at]) {
      case '{':
        return this.#list('}', () => this.#string() && this.#next(':') && this.value(depth + 1));
      case '[':
        return this.#list(']', () => this.value(depth + 1));
      case '"':
        return this.#string();
      default:
        return this.#matches(/(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/y);
    }
  }

  #list(end: string, item: () => boolean): boolean {
    this.at += 1;
    if (this.#next(end)) return true;
    do {
      this.#blanks();
      if (!item()) return false;
    } while (this.#next(','));
    return this.#next(end);
  }

  #string(): boolean {
    this.#blanks();
    return this.#matches(/"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy);
  }

  #next(character: string): boolean {
    this.#blanks();
    if (this.#text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  #blanks(): void {
    this.#matches(/[ \t\r\n]*/y);
  }

  #matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.#text);
    if (!match) return false;
    this.at = pattern.lastIndex;
    return true;
  }
}
