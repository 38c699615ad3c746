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
import { pageAgents, pageFrameworks, pageOffers, pageTasks } from './pageLists.ts';

/** Makes the messages that keep a page up to date: all at first, then what changed. */
export class Updates {
  readonly #clock: ClusterClock;
  #cluster: string | undefined;
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
    const clock = this.#clock();
    const { state } = picture;
    const head = { type: 'update', clock, cluster: pageCluster(name, picture) } as const;
    if (!state) {
      this.startOver();
      return { ...head, agents: none, frameworks: none, tasks: none, foreign: none, offers: none };
    }
    const own = new Set((state.frameworks ?? []).filter(({ ours }) => ours).map(({ id }) => id));
    if (state.cluster.framework.id !== null) own.add(state.cluster.framework.id);
    const others = state.mesosTasks?.tasks.filter(({ framework_id }) => !own.has(framework_id));
    return {
      ...head,
      frameworks: this.#frameworks.next(pageFrameworks(state, this.#slots)),
      agents: this.#agents.next(pageAgents(state)),
      tasks: this.#tasks.next(pageTasks(state, clock.now)),
      foreign: this.#foreignTasks.next(this.#foreign.see(others, clock.now)),
      offers: this.#offers.next(pageOffers(state)),
    };
  }
}

/** Nothing is known (any more). */
const none: Changes<never> = { anew: true, changed: [], gone: [] };
