import type { Topic } from '../../../client/subscription.ts';
import type { ClusterModel } from '../../cluster/model.ts';
import { Disposing } from '../../dispose.ts';

const nothing: ReadonlySet<Topic> = new Set();
const dagsTopic: ReadonlySet<Topic> = new Set(['dags']);

/**
 * Has import errors known for the badge though no view shows them: asks once of each cluster, when it has started, and on
 * while there are errors, which must be able to go. What breaks later is seen where a file is saved (DagFiles).
 */
export class FirstLook extends Disposing {
  readonly #model: Pick<ClusterModel, 'onDidChange' | 'picture' | 'want'>;
  /** The cluster that was looked at, as it was started then. */
  #seen: string | undefined;

  constructor(model: Pick<ClusterModel, 'onDidChange' | 'picture' | 'want'>) {
    super();
    this.#model = model;
    this.register(model.onDidChange(() => this.#look()));
    this.register({ dispose: () => model.want(this, nothing) });
  }

  #look(): void {
    const { state } = this.#model.picture;
    if (!state) {
      this.#model.want(this, nothing);
      return;
    }
    const { cluster, dags, importErrors } = state;
    const key = `${cluster.name} ${cluster.started}`;
    // While Airflow starts it may not have read its files yet.
    if (dags && cluster.state !== 'starting') this.#seen = key;
    const isNeeded = this.#seen !== key || (importErrors ?? []).length > 0;
    this.#model.want(this, isNeeded ? dagsTopic : nothing);
  }
}
