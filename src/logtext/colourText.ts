/** Longer than any sequence that a program means: what goes on after that is text again. Characters. */
const longestSequence = 4096;
const longestColour = 128;

type State =
  | 'text'
  /** Behind ESC. */
  | 'escape'
  /** Behind ESC and what chooses a character set, say: one more character belongs to it. */
  | 'intermediate'
  /** Behind ESC [: numbers, then a letter that says what they mean. */
  | 'control'
  /** A title, the clipboard, a question to the terminal: up to its end mark. */
  | 'string'
  /** Behind ESC in such a string: a backslash ends it. */
  | 'stringEscape';

/** C0 characters by their codes. Those from 0x80 on are the same in one character as ESC and a letter (ECMA-48, C1). */
const escape = 0x1b;
const bell = 0x07;
const cancel = 0x18;
const substitute = 0x1a;
/** Characters that are no control and begin none. */
const ordinary = /[^\p{Cc}]+/uy;
const c1 = { control: 0x9b, stringEnd: 0x9c };

/**
 * Makes a program's output safe to be shown in a terminal: its colours and styles (SGR, `ESC [ … m`) pass, tabs, line
 * ends and returns pass, and all else that commands a terminal is left out: titles, the clipboard, questions whose answers
 * would be typed, moving about. A sequence may be cut anywhere between two pieces. An unfinished one ends with its line.
 */
export class ColourText {
  readonly #colours: boolean;
  #state: State = 'text';
  /** The part of a control sequence that is there. */
  #sequence = '';
  #length = 0;
  #lastWasReturn = false;

  /** `colours`: whether they pass. */
  constructor({ colours = true }: { readonly colours?: boolean } = {}) {
    this.#colours = colours;
  }

  /** The part of the output that may be shown, with line ends as terminals want them (`\r\n`). */
  write(text: string): string {
    let safe = '';
    let at = 0;
    while (at < text.length) {
      // Nearly all of it: taken at once.
      ordinary.lastIndex = at;
      const run = this.#state === 'text' ? ordinary.exec(text)?.[0] : undefined;
      if (run !== undefined) {
        this.#lastWasReturn = false;
        safe += run;
        at += run.length;
      } else {
        safe += this.#next(text.charAt(at));
        at += 1;
      }
    }
    return safe;
  }

  #next(character: string): string {
    const code = character.charCodeAt(0);
    if (code === 0x0a) {
      this.#enter('text');
      const end = this.#lastWasReturn ? '\n' : '\r\n';
      this.#lastWasReturn = false;
      return end;
    }
    switch (this.#state) {
      case 'text':
        return this.#text(character, code);
      case 'escape':
        return this.#afterEscape(character, code);
      case 'intermediate':
        if (code === escape) this.#enter('escape');
        else if (code < 0x20 || code > 0x2f) this.#enter('text');
        return '';
      case 'control':
        return this.#control(character, code);
      case 'string':
        return this.#string(code);
      case 'stringEscape':
        // Anything but the backslash ends the string too, and is what begins behind ESC.
        if (code === 0x5c) this.#enter('text');
        else return this.#afterEscape(character, code);
        return '';
    }
  }

  #text(character: string, code: number): string {
    if (code === escape) this.#enter('escape');
    else if (code === c1.control) this.#enter('control');
    else if (isStringBegin(code - 0x40)) this.#enter('string');
    else if (code === 0x0d) {
      this.#lastWasReturn = true;
      return character;
    } else if (code === 0x09 || (code >= 0x20 && code !== 0x7f && !(code >= 0x80 && code < 0xa0))) {
      this.#lastWasReturn = false;
      return character;
    }
    return '';
  }

  #afterEscape(character: string, code: number): string {
    if (character === '[') this.#enter('control');
    else if (isStringBegin(code)) this.#enter('string');
    else if (code >= 0x20 && code <= 0x2f) this.#enter('intermediate');
    else this.#enter(code === escape ? 'escape' : 'text');
    return '';
  }

  #control(character: string, code: number): string {
    if (code === escape) {
      this.#enter('escape');
      return '';
    }
    if (code === cancel || code === substitute || code > 0x7e) {
      this.#enter('text');
      return '';
    }
    // Some terminals obey those in the midst of a sequence; none of them is needed.
    if (code < 0x20) return '';
    if (code < 0x40) {
      if (this.#sequence.length > longestColour) this.#enter('text');
      else this.#sequence += character;
      return '';
    }
    const numbers = this.#sequence;
    this.#enter('text');
    return this.#colours && character === 'm' && /^[\d;:]*$/.test(numbers) ? `\u001b[${numbers}m` : '';
  }

  #string(code: number): string {
    this.#length += 1;
    if (code === escape) this.#state = 'stringEscape';
    else if (code === bell || code === cancel || code === substitute || code === c1.stringEnd)
      this.#enter('text');
    else if (this.#length >= longestSequence) this.#enter('text');
    return '';
  }

  #enter(state: State): void {
    this.#state = state;
    this.#sequence = '';
    this.#length = 0;
  }
}

/** What stands behind ESC where a string begins: DCS, SOS, OSC, PM, APC. */
function isStringBegin(code: number): boolean {
  return code === 0x50 || code === 0x58 || code === 0x5d || code === 0x5e || code === 0x5f;
}
