import type { ClusterEvent, ClusterView, OffersView, TaskRun } from '../api/people.ts';
import type { Framework } from '../framework/framework.ts';
import { terminalRequestStates, type TaskRecord } from '../framework/types.ts';
import type { Topic } from '../api/topics.ts';
import type { AirflowWatch } from './airflow/airflowWatch.ts';
import type { TaskStates } from './airflow/taskStates.ts';
import type { MesosWatch } from './mesosWatch.ts';
import type { Views, WholeTopic } from './subscriptions.ts';
import { taskRunOf } from './views/taskRun.ts';

const tasksInSnapshot = 500;

/** All that is shown to people, as it is now. */
export class LiveViews implements Views {
  readonly #framework: Framework;
  readonly #deployment: string;
  readonly #watch: MesosWatch;
  readonly #pages: AirflowWatch;
  readonly #states: TaskStates;
  readonly #cluster: () => ClusterView;

  constructor(
    framework: Framework,
    deployment: string,
    watch: MesosWatch,
    pages: AirflowWatch,
    states: TaskStates,
    cluster: () => ClusterView,
  ) {
    this.#framework = framework;
    this.#deployment = deployment;
    this.#watch = watch;
    this.#pages = pages;
    this.#states = states;
    this.#cluster = cluster;
  }

  cursor(): string {
    return this.#framework.states(this.#deployment, []).cursor;
  }

  cluster(): ClusterView {
    return this.#cluster();
  }

  offers(): OffersView {
    return this.#framework.offers();
  }

  /** Airflow is asked about a task run that is over, once somebody looks at it. */
  taskRun(task: TaskRecord): TaskRun {
    if (terminalRequestStates.has(task.state)) this.#states.want(task);
    return taskRunOf(task, this.#states.of(task.id));
  }

  snapshot(wanted: ReadonlySet<Topic>): Extract<ClusterEvent, { type: 'snapshot' }> {
    const { agents, frameworks } = this.#watch.latest;
    return {
      type: 'snapshot',
      cursor: this.cursor(),
      cluster: this.cluster(),
      agents: wanted.has('agents') ? agents : [],
      frameworks: wanted.has('frameworks') ? frameworks : [],
      offers: wanted.has('offers') ? this.offers() : { suppressed: this.offers().suppressed, offers: [] },
      tasks: wanted.has('tasks')
        ? this.#framework.tasks({}, tasksInSnapshot).map((task) => this.taskRun(task))
        : [],
    };
  }

  present(topic: WholeTopic): readonly ClusterEvent[] {
    switch (topic) {
      case 'cluster':
        return [{ type: 'cluster', cluster: this.cluster() }];
      case 'agents':
        return [{ type: 'agents', agents: this.#watch.latest.agents }];
      case 'frameworks':
        return [{ type: 'frameworks', frameworks: this.#watch.latest.frameworks }];
      case 'offers':
        return [{ type: 'offers', offers: this.offers() }];
      case 'mesos-tasks': {
        const { tasks } = this.#watch.latest;
        return tasks ? [{ type: 'mesosTasks', ...tasks }] : [];
      }
      default:
        return this.#pages.of(topic);
    }
  }

  task(id: string): ClusterEvent | undefined {
    const found = this.#framework.task(id);
    return found ? { type: 'task', task: this.taskRun(found.task) } : undefined;
  }
}
