import type { Writable } from 'node:stream';

/**
 * Resolves when a stream takes more, or is closed. Unlike a race of two `once` it leaves no listener behind: what writes for
 * hours waits often.
 */
export function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}
