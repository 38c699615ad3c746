/** Makes nonsense of what is given, at random from a seed that is told: FUZZ_SEED gives the same again. */
export class Nonsense {
  readonly seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
  /** A number below 1, the next of those that the seed stands for. */
  readonly next = random(this.seed);

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!;
  }

  /** The same, with some of its parts, or all of it, replaced. */
  spoil(value: unknown): unknown {
    if (this.next() < 0.15) return this.pick(nonsense);
    if (Array.isArray(value)) return value.map((part) => this.spoil(part));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, this.spoil(part)]));
  }

  /** As JSON, now and then not all of it. */
  textOf(call: object): string {
    const text = JSON.stringify(call);
    return this.next() < 0.1 ? text.slice(0, Math.floor(this.next() * text.length)) : text;
  }
}

const nonsense: readonly unknown[] = [
  ...[
    null,
    true,
    -1,
    0,
    1e300,
    2 ** 53,
    '',
    '..',
    '\u0000',
    '\ud800',
    'x'.repeat(10_000),
    'Infinity',
    [],
    {},
  ],
  ...[[[]], { value: {} }, { value: 'a/b' }, [{ value: 1 }], { __proto__: null, nanoseconds: -1 }],
];

/** A small generator of numbers below 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
