import { followRecord, isBeingBroughtUp, recordFile } from '../../client/startRecord.ts';
import type { ClusterModel } from '../cluster/model.ts';
import { FileWatch } from '../cluster/fileWatch.ts';
import { RunningPhases } from '../commandLine/runningPhases.ts';
import { Disposing } from '../dispose.ts';

type Model = Pick<ClusterModel, 'name' | 'folder' | 'picture' | 'setStarting' | 'onDidChange'>;

/** How often it is looked whether a start that is followed is over, should its last words be missed. Milliseconds. */
const lookMs = 500;

/**
 * Shows a start that somebody else began: another window, a terminal, or this window before it was reloaded. What they say
 * of it stands in a file of the cluster's folder; nothing is polled while there is none.
 */
export class StartElsewhere extends Disposing {
  readonly #model: Model;
  #watch: FileWatch | undefined;
  #watched: string | undefined;
  #following: AbortController | undefined;

  constructor(model: Model) {
    super();
    this.#model = model;
    this.register(model.onDidChange(() => this.#modelChanged()));
    this.register({ dispose: () => this.#watch?.dispose() });
    this.register({ dispose: () => this.#following?.abort() });
  }

  #modelChanged(): void {
    const { name, picture } = this.#model;
    const { phase } = picture.connection;
    // A service that answers tells of its parts itself, and this window's own start is shown by who runs it.
    const wanted = phase === 'absent' || phase === 'ended' ? name : undefined;
    if (wanted !== this.#watched) {
      this.#watched = wanted;
      this.#following?.abort();
      this.#watch?.dispose();
      this.#watch = undefined;
      if (wanted !== undefined) {
        this.#watch = new FileWatch(recordFile(this.#model.folder), () => void this.#look());
        void this.#look();
      }
    }
  }

  async #look(): Promise<void> {
    const { folder, picture } = this.#model;
    if (this.#following || this.disposed || picture.starting || this.#watched === undefined) return;
    const over = new AbortController();
    this.#following = over;
    try {
      if (await isBeingBroughtUp(folder)) await this.#follow(over);
    } finally {
      this.#following = undefined;
    }
  }

  async #follow(over: AbortController): Promise<void> {
    const { folder } = this.#model;
    const phases = new RunningPhases();
    const look = setInterval(() => {
      void isBeingBroughtUp(folder).then((goesOn) => {
        if (!goesOn) over.abort();
      });
    }, lookMs);
    try {
      await followRecord(
        folder,
        (event) => {
          if (event.type !== 'phase' || this.#isOurs()) return;
          const { elapsedMs, ...line } = event;
          const now = phases.after({ ...line, elapsed_ms: elapsedMs });
          this.#model.setStarting({ ...now, elsewhere: true });
        },
        over.signal,
      );
    } finally {
      clearInterval(look);
      if (!this.#isOurs()) this.#model.setStarting(undefined);
    }
  }

  /** A start that this window runs. */
  #isOurs(): boolean {
    const { starting } = this.#model.picture;
    return starting !== undefined && !starting.elsewhere;
  }
}
