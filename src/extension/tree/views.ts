import type { ClusterModel } from '../cluster/model.ts';
import { Disposing } from '../dispose.ts';
import { ClusterViewOf } from './cluster/view.ts';
import { dagsView } from './dags/view.ts';
import { RowTree } from './rowTree.ts';
import { taskRunsView } from './taskRuns/view.ts';

/** The views of the window. */
export class Views extends Disposing {
  readonly taskRuns: RowTree;
  readonly cluster: RowTree;
  readonly dags: RowTree;

  constructor(model: ClusterModel) {
    super();
    this.taskRuns = this.register(new RowTree(model, taskRunsView));
    this.cluster = this.register(new RowTree(model, new ClusterViewOf()));
    this.dags = this.register(new RowTree(model, dagsView));
  }

  /** All of them, by their ids in package.json. */
  get byId(): ReadonlyMap<string, RowTree> {
    return new Map([this.taskRuns, this.cluster, this.dags].map((tree) => [tree.id, tree]));
  }

  /** What a row that commands are given says that they act on; other arguments stay as they are. */
  targetOf(argument: unknown): unknown {
    if (typeof argument !== 'string') return argument;
    for (const tree of this.byId.values()) {
      const target = tree.outline.rows.get(argument)?.target;
      if (target) return target;
    }
    return argument;
  }
}
