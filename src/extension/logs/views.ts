import { logFiles, usualView, type LogView } from './view.ts';

/** Where something is remembered, as of VS Code's Memento. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const memoryKey = 'logViews';
/** Those set last are remembered. */
const most = 200;

/**
 * What documents show, by their addresses, over a reload of the window. Not in the addresses: with another view it would be
 * another document, in another tab.
 */
export class LogViews {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get(address: string): LogView {
    return new Map(this.#entries()).get(address) ?? usualView;
  }

  set(address: string, view: LogView): void {
    const others = this.#entries().filter(([name]) => name !== address);
    void this.#memory.update(memoryKey, [...others, [address, view]].slice(-most));
  }

  #entries(): [string, LogView][] {
    const kept = this.#memory.get(memoryKey);
    return Array.isArray(kept) ? kept.filter(isEntry) : [];
  }
}

/** Another version of ours may have written it. */
function isEntry(value: unknown): value is [string, LogView] {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  const view: unknown = value[1];
  if (typeof view !== 'object' || view === null || !('file' in view)) return false;
  return logFiles.some((file) => file === view.file);
}
