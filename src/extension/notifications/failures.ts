import { runTopic } from '../../api/topics.ts';
import type { Topic } from '../../client/subscription.ts';
import type { ClusterModel } from '../cluster/model.ts';
import type { ClusterState } from '../cluster/state.ts';
import { Disposing, type Disposable } from '../dispose.ts';
import type { OwnRun, OwnRuns } from './ownRuns.ts';

/** Failures of this time (milliseconds) are told together. */
export const gatherMs = 3000;
/** So many runs are followed at once: each is a page of the subscription, which views need as well. */
const mostFollowed = 20;
const nothing: ReadonlySet<Topic> = new Set();

export interface FailureOptions {
  /** Whether the person wants to be told. */
  readonly wanted: () => boolean;
  readonly tell: (failed: readonly OwnRun[]) => void;
  /** Calls after so many milliseconds, unless it is disposed of. */
  readonly later?: (ms: number, call: () => void) => Disposable;
}

type Model = Pick<ClusterModel, 'name' | 'picture' | 'want' | 'onDidChange'>;

/** Follows the runs that this person began, and tells of those that failed, once, several at a time as one. */
export class Failures extends Disposing {
  readonly #model: Model;
  readonly #runs: OwnRuns;
  readonly #options: FailureOptions;
  readonly #failed: OwnRun[] = [];
  #timer: Disposable | undefined;

  constructor(model: Model, runs: OwnRuns, options: FailureOptions) {
    super();
    this.#model = model;
    this.#runs = runs;
    this.#options = options;
    this.register(model.onDidChange(() => this.look()));
    this.register(runs.onDidChange(() => this.look()));
    this.register({ dispose: () => this.#timer?.dispose() });
    this.register({ dispose: () => model.want(this, nothing) });
    this.look();
  }

  /** Looks what became of them. */
  look(): void {
    const { name, picture } = this.#model;
    const mine = this.#runs.pending.filter(({ cluster }) => cluster === name);
    const followed = this.#options.wanted() ? mine.slice(0, mostFollowed) : [];
    this.#model.want(this, new Set(followed.map(({ dag_id, run_id }) => runTopic(dag_id, run_id))));
    if (!picture.state) return;
    for (const run of followed) {
      const fate = fateOf(run, picture.state);
      if (fate === undefined) continue;
      // Noted before it is forgotten, which makes us look again.
      if (fate === 'failed') this.#note(run);
      void this.#runs.forget(run);
    }
  }

  #note(run: OwnRun): void {
    const isKnown = this.#failed.some(({ dag_id, run_id }) => dag_id === run.dag_id && run_id === run.run_id);
    if (!isKnown) this.#failed.push(run);
    this.#timer ??= (this.#options.later ?? later)(gatherMs, () => {
      this.#timer = undefined;
      const failed = this.#failed.splice(0);
      if (this.#options.wanted()) this.#options.tell(failed);
    });
  }
}

/** How the run ended, after the person began it or let it go on; undefined: not known to have ended. */
export function fateOf(
  { dag_id, run_id, at, again }: OwnRun,
  { run, problems }: Pick<ClusterState, 'run' | 'problems'>,
): 'failed' | 'well' | 'gone' | undefined {
  const topic = runTopic(dag_id, run_id);
  if (problems.get(topic)?.gone) return 'gone';
  const view = run.get(topic);
  const ended = view?.ended ?? undefined;
  // What runs again is known for a moment as it had ended before.
  if (ended === undefined || (again && ended < at)) return undefined;
  if (view?.state === 'failed') return 'failed';
  return view?.state === 'success' ? 'well' : undefined;
}

function later(ms: number, call: () => void): Disposable {
  const timer = setTimeout(call, ms);
  return { dispose: () => clearTimeout(timer) };
}
