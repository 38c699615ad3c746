import type { Disposable } from '../dispose.ts';
import type { Event } from '../emitter.ts';

/** A text that grows while it is followed: what a log document shows. */
export interface Followed extends Disposable {
  readonly text: string;
  readonly onDidChange: Event<void>;
  /** Reads on until `pause`, or its end. */
  follow(): void;
  pause(): void;
}
