import type { ClusterEvent, ClusterView, OffersView, TaskRun } from '../api/people.ts';
import type { Framework } from '../framework/framework.ts';
import { debugDeployment, terminalRequestStates, type TaskRecord } from '../framework/types.ts';
import { newestTasks, type Topic } from '../api/topics.ts';
import type { AirflowWatch } from './airflow/airflowWatch.ts';
import type { TaskStates } from './airflow/taskStates.ts';
import type { MesosWatch } from './mesosWatch.ts';
import type { Views } from './subscriptions.ts';
import { taskRunOf } from './views/taskRun.ts';

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

  snapshot(wanted: ReadonlySet<Topic>): ReturnType<Views['snapshot']> {
    const { agents, frameworks } = this.#watch.latest;
    const isAsked = this.#isAsked();
    return {
      type: 'snapshot',
      cursor: this.cursor(),
      cluster: this.cluster(),
      ...(wanted.has('agents') && isAsked ? { agents } : {}),
      ...(wanted.has('frameworks') && isAsked ? { frameworks } : {}),
      ...(wanted.has('offers') ? { offers: this.offers() } : {}),
      ...(wanted.has('tasks') ? { tasks: this.#newestTasks() } : {}),
    };
  }

  present(topic: Topic): readonly ClusterEvent[] {
    switch (topic) {
      case 'cluster':
        return [{ type: 'cluster', cluster: this.cluster() }];
      case 'agents':
        return this.#isAsked() ? [{ type: 'agents', agents: this.#watch.latest.agents }] : [];
      case 'frameworks':
        return this.#isAsked() ? [{ type: 'frameworks', frameworks: this.#watch.latest.frameworks }] : [];
      case 'tasks':
        return [{ type: 'taskRuns', tasks: this.#newestTasks() }];
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
    const task = this.#framework.request(id);
    // A debug copy is none of Airflow's task runs.
    return task && task.deployment !== debugDeployment
      ? { type: 'task', task: this.taskRun(task) }
      : undefined;
  }

  #newestTasks(): TaskRun[] {
    return this.#framework.tasks({}, newestTasks).map((task) => this.taskRun(task));
  }

  /** Before that its empty lists say nothing. */
  #isAsked(): boolean {
    return this.#watch.latest.tasks !== undefined;
  }
}
