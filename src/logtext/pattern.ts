import vm from 'node:vm';

// A person's regular expression may take for ever on a line (`(a+)+$`), and JavaScript cannot be asked to give up. V8
// heeds a time limit of a script of its own, also within an expression: that is where patterns are tried.

/** What one call may take, in milliseconds, however many lines it looks at. */
const usualLimitMs = 500;
/** No more of a line is looked at, in characters: rows are not longer by themselves. */
const mostCharacters = 20_000;

/** The text is no regular expression. */
export class BadPattern extends Error {
  readonly pattern: string;

  constructor(pattern: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'BadPattern';
    this.pattern = pattern;
  }
}

/** A regular expression took so long on some lines that it was given up. */
export class PatternTooSlow extends Error {
  readonly pattern: string;

  constructor(pattern: string) {
    super(`The regular expression /${pattern}/ takes too long`);
    this.name = 'PatternTooSlow';
    this.pattern = pattern;
  }
}

export class BoundedPattern {
  readonly source: string;
  readonly #limitMs: number;
  readonly #context: vm.Context;
  readonly #script: vm.Script;

  /** Throws BadPattern. */
  constructor(source: string, flags = '', { limitMs = usualLimitMs }: { readonly limitMs?: number } = {}) {
    this.source = source;
    this.#limitMs = limitMs;
    let pattern: RegExp;
    try {
      // Without g and y, which would begin each test where the last one ended.
      pattern = new RegExp(source, flags.replace(/[gy]/g, ''));
    } catch (error) {
      throw new BadPattern(source, error);
    }
    this.#context = vm.createContext({ pattern, texts: [] });
    this.#script = new vm.Script('texts.map((text) => pattern.test(text))');
  }

  /** For each text whether the pattern is in it. Throws PatternTooSlow where that takes longer than the limit. */
  test(texts: readonly string[]): readonly boolean[] {
    if (texts.length === 0) return [];
    this.#context.texts = texts.map((text) => text.slice(0, mostCharacters));
    try {
      const found: unknown = this.#script.runInContext(this.#context, { timeout: this.#limitMs });
      return found as boolean[];
    } catch (error) {
      if (wasGivenUp(error)) throw new PatternTooSlow(this.source);
      throw error;
    } finally {
      this.#context.texts = [];
    }
  }
}

/** The error is of the script's own world, so that it is no `Error` of this one. */
function wasGivenUp(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
