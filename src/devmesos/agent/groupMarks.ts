import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** No number above is a group for all programs. */
const mostEver = 2 ** 31 - 1;

/**
 * Marks the processes of a task by a supplementary group that nobody else has: a process can't get rid of it, and everybody
 * can see it. Batch systems have always done it so.
 */
export class GroupMarks {
  readonly #inUse = new Set<number>();
  readonly #most: number;

  constructor(most = highestGroup()) {
    this.#most = Math.min(most, mostEver);
  }

  /** A number that no living task has, from the upper half of what there is: real groups have low ones. */
  take(): number {
    for (;;) {
      const mark = randomInt(Math.floor(this.#most / 2), this.#most);
      if (this.#inUse.has(mark)) continue;
      this.#inUse.add(mark);
      return mark;
    }
  }

  /** One that processes of an earlier agent have is not given to others. */
  hold(mark: number): void {
    this.#inUse.add(mark);
  }

  free(mark: number): void {
    this.#inUse.delete(mark);
  }
}

/** Of this user namespace: rootless Docker has 65 535, other places all there are. */
function highestGroup(): number {
  const [line = ''] = readFileSync('/proc/self/gid_map', 'utf8').trim().split('\n').slice(-1);
  const [first = 0, , count = 1] = line.trim().split(/\s+/).map(Number);
  return first + count - 1;
}
