import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';

/** How many runs of this person's own have failed that the person has not seen yet. */
export class OwnFailures extends Disposing {
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  note(failed: number): void {
    this.#count += failed;
    this.#changed.fire();
  }

  /** The person looks at task runs. */
  seen(): void {
    if (this.#count === 0) return;
    this.#count = 0;
    this.#changed.fire();
  }
}
