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

const values = [
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

const pathParts = [
  '..',
  '.',
  '',
  '/',
  '%2e%2e',
  '%00',
  '%',
  '\u0000',
  'runs',
  'latest',
  'x'.repeat(5000),
  'ä',
  '*',
];

/** What no client should send, at random, from a seed: FUZZ_SEED, or one that is told when a test fails. */
export class Nonsense {
  readonly #seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
  readonly #next = random(this.#seed);

  /** Runs a test, and says the seed if it fails. */
  static async run(test: (nonsense: Nonsense) => Promise<void>): Promise<void> {
    const nonsense = new Nonsense();
    try {
      await test(nonsense);
    } catch (error) {
      throw new Error(`with FUZZ_SEED=${nonsense.#seed}`, { cause: error });
    }
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** A whole number from 0 on, below `end`. */
  below(end: number): number {
    return Math.floor(this.#next() * end);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** The same with some parts replaced. */
  spoil(value: unknown): unknown {
    if (this.chance(0.15)) return this.pick(values);
    if (Array.isArray(value)) return value.map((part) => this.spoil(part));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, this.spoil(part)]));
  }

  /** A call with a body that is spoiled, as JSON, sometimes cut. */
  callText({ type, ...body }: Readonly<Record<string, unknown>>, whole: object = {}): string {
    const text = JSON.stringify({ type, ...whole, ...(this.spoil(body) as object) });
    return this.chance(0.1) ? text.slice(0, this.below(text.length)) : text;
  }

  /** The same with some bytes changed, left out or added. */
  spoilBytes(bytes: Uint8Array): Buffer {
    const spoiled = [...bytes];
    for (let change = this.below(6); change >= 0; change -= 1) {
      const at = this.below(spoiled.length + 1);
      spoiled.splice(at, this.below(3), ...this.bytes(this.below(4)));
    }
    return Buffer.from(this.chance(0.1) ? spoiled.slice(0, this.below(spoiled.length)) : spoiled);
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  path(): string {
    return Array.from({ length: this.below(6) }, () => this.pick(pathParts)).join('/');
  }
}
