export const exitSettings = ['ask', 'keep', 'stop'] as const;
/** The setting mesosAirflow.onExit. */
export type ExitSetting = (typeof exitSettings)[number];

/** The setting as somebody wrote it: what is none of ours asks. */
export function exitSetting(value: unknown): ExitSetting {
  return exitSettings.find((setting) => setting === value) ?? 'ask';
}

const key = 'startedHere';

/** What is remembered of a workspace or of this machine, as VS Code's Memento does it. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/**
 * The clusters that were started from this workspace's windows: only those are theirs to end. One that a terminal started,
 * or another workspace, is not, whoever looks at it.
 */
export class StartedHere {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  has(name: string): boolean {
    return this.#names().includes(name);
  }

  async add(name: string): Promise<void> {
    if (!this.has(name)) await this.#memory.update(key, [...this.#names(), name]);
  }

  async remove(name: string): Promise<void> {
    if (!this.has(name)) return;
    await this.#memory.update(
      key,
      this.#names().filter((one) => one !== name),
    );
  }

  #names(): string[] {
    const names = this.#memory.get(key);
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  }
}
