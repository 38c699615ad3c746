import type { Event } from '../../../../src/extension/emitter.ts';

/** What a terminal wrote. */
export function screenOf(terminal: { readonly onDidWrite: Event<string> }): { readonly text: () => string } {
  let text = '';
  terminal.onDidWrite((piece) => (text += piece));
  return { text: () => text };
}

const escape = String.fromCharCode(27);
const sequences = new RegExp(`${escape}(\\[[?\\d;]*[A-Za-z]|\\(B|[>78])|${String.fromCharCode(15)}`, 'g');

/** Without its colours, and without what takes back what a program may have left. */
export function wordsOf(text: string): string {
  return text.replaceAll(sequences, '');
}

/** A promise that a test settles. */
export function deferred<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
