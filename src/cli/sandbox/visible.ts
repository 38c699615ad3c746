/** Whether bytes are no text: they have a NUL, or are full of what no text has. */
export function isBinary(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 8192);
  if (bytes.includes(0)) return true;
  const odd = head.reduce((count, byte) => count + (byte < 7 || (byte > 13 && byte < 27) ? 1 : 0), 0);
  return odd > head.length / 10;
}

const controls = /[\p{Control}]/gu;

/**
 * Bytes of a text as a terminal may be given them: control characters, which could take it over, are written as `^[`. Pieces
 * of one file go to the same one, which holds back a character that is not whole yet.
 */
export class VisibleText {
  readonly #decoder = new TextDecoder();

  of(bytes: Uint8Array): string {
    return visible(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What is left of a character that never became whole. */
  end(): string {
    return visible(this.#decoder.decode());
  }
}

function visible(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(controls, (char) => {
    if (char === '\n' || char === '\t') return char;
    const code = char.charCodeAt(0);
    return code < 128 ? `^${String.fromCharCode(code ^ 64)}` : `\\x${code.toString(16)}`;
  });
}
