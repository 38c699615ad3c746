import { Emitter } from '../emitter.ts';
import { ownClusterName, type Workspace } from './ownName.ts';

/** Of VS Code's Memento, what is needed. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

export interface ClusterChoiceOptions {
  /** What is open in the window. */
  readonly workspace: () => Workspace;
  /** The setting mesosAirflow.cluster; empty where it is not set. */
  readonly setting: () => string;
  /** Remembered of this workspace. */
  readonly memory: Memory;
}

/** The cluster that a window starts, shows and stops, and why that one. */
export interface ChosenCluster {
  readonly name: string;
  /** `setting` goes before what a person chose in the picker, and that before the workspace's own. */
  readonly by: 'setting' | 'person' | 'workspace';
}

const key = 'cluster';

/** Which cluster this window is about. */
export class ClusterChoice {
  readonly #options: ClusterChoiceOptions;
  readonly #changed = new Emitter<void>();
  /** Told when a person chose; who watches the settings knows of theirs. */
  readonly onDidChoose = this.#changed.event;

  constructor(options: ClusterChoiceOptions) {
    this.#options = options;
  }

  /** The name of the workspace's own cluster, whether or not there is one. */
  get own(): string {
    return ownClusterName(this.#options.workspace());
  }

  get now(): ChosenCluster {
    const setting = this.#options.setting();
    if (setting !== '') return { name: setting, by: 'setting' };
    const chosen = this.#options.memory.get(key);
    if (typeof chosen === 'string') return { name: chosen, by: 'person' };
    return { name: this.own, by: 'workspace' };
  }

  /** Remembers what a person chose. The workspace's own is what it is without a choice. */
  async choose(name: string): Promise<void> {
    await this.#options.memory.update(key, name === this.own ? undefined : name);
    this.#changed.fire();
  }
}
