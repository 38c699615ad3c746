import type {
  Changes,
  PageAgent,
  PageForeignTask,
  PageFramework,
  PageOffer,
  PageTask,
  Update,
} from '../../page/protocol.ts';
import type { ClusterPicture } from '../cluster/picture.ts';
import { ListChanges } from './changes.ts';
import type { ClusterClock } from './clusterClock.ts';
import { ForeignTasks } from './foreignTasks.ts';
import { FrameworkSlots } from './frameworkSlots.ts';
import { pageCluster } from './pageCluster.ts';
import { othersTasks, pageAgents, pageFrameworks, pageOffers, pageTasks } from './pageLists.ts';

/** Makes the messages that keep a page up to date: all at first, then what changed. */
export class Updates {
  readonly #clock: ClusterClock;
  #cluster: string | undefined;
  #now = -Infinity;
  #slots = new FrameworkSlots();
  #foreign = new ForeignTasks();
  readonly #agents = new ListChanges<PageAgent>();
  readonly #frameworks = new ListChanges<PageFramework>();
  readonly #tasks = new ListChanges<PageTask>();
  readonly #foreignTasks = new ListChanges<PageForeignTask>();
  readonly #offers = new ListChanges<PageOffer>();

  constructor(clock: ClusterClock) {
    this.#clock = clock;
  }

  /** The page was made anew and knows nothing. */
  startOver(): void {
    for (const list of [this.#agents, this.#frameworks, this.#tasks, this.#foreignTasks, this.#offers]) {
      list.forget();
    }
  }

  next(name: string, picture: ClusterPicture): Update {
    if (name !== this.#cluster) {
      this.#cluster = name;
      this.#slots = new FrameworkSlots();
      this.#foreign = new ForeignTasks();
      this.startOver();
    }
    const { state } = picture;
    const clock = this.#clock.read(state);
    // A recording was turned back: what was seen since is yet to come.
    if (clock.now < this.#now - 1000) this.#foreign = new ForeignTasks();
    this.#now = clock.now;
    const head = { type: 'update', clock, cluster: pageCluster(name, picture) } as const;
    if (!state) {
      this.startOver();
      return { ...head, agents: none, frameworks: none, tasks: none, foreign: none, offers: none };
    }
    const { agents, frameworks, mesosTasks, offers, tasks, cluster } = state;
    return {
      ...head,
      frameworks: this.#frameworks.next([frameworks, mesosTasks, cluster.framework.id], () =>
        pageFrameworks(state, this.#slots),
      ),
      agents: this.#agents.next([agents, mesosTasks], () => pageAgents(state)),
      tasks: this.#tasks.next([tasks], () => pageTasks(state, clock.now)),
      foreign: this.#foreignTasks.next([mesosTasks, frameworks], () =>
        this.#foreign.see(othersTasks(state), clock.now),
      ),
      offers: this.#offers.next([offers, tasks], () => pageOffers(state)),
    };
  }
}

/** Nothing is known (any more). */
const none: Changes<never> = { anew: true, changed: [], gone: [] };
