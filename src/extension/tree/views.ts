import * as vscode from 'vscode';
import type { ClusterModel } from '../cluster/model.ts';
import { Disposing } from '../dispose.ts';
import { ClusterViewOf } from './cluster/view.ts';
import { FirstLook } from './dags/firstLook.ts';
import { DagsViewOf } from './dags/view.ts';
import { Folds } from './folds.ts';
import { RowTree } from './rowTree.ts';
import { TaskRunsView, type Memory } from './taskRuns/view.ts';
import type { TreeView } from './treeView.ts';
import type { ViewOf } from './viewOf.ts';

/** The views of the window. */
export class Views extends Disposing {
  readonly taskRuns: RowTree;
  /** How the task runs are shown. */
  readonly taskRunsView: TaskRunsView;
  readonly cluster: RowTree;
  readonly dags: RowTree;

  constructor(
    shown: readonly TreeView[],
    model: ClusterModel,
    memory: Memory,
    onError: (error: unknown) => void,
  ) {
    super();
    this.taskRunsView = new TaskRunsView(memory, () => void model.loadOlderTasks().catch(onError));
    const rowTree = (of: ViewOf): RowTree => {
      const view = shown.find(({ id }) => id === of.id);
      if (!view) throw new Error(`there is no view ${of.id}`);
      return this.register(new RowTree(model, of, new Folds(memory, of.id), view));
    };
    this.taskRuns = rowTree(this.taskRunsView);
    this.register(this.taskRunsView.onDidChange(() => this.#sayFiltered()));
    this.#sayFiltered();
    this.cluster = rowTree(new ClusterViewOf());
    this.dags = rowTree(new DagsViewOf());
    this.register(new FirstLook(model));
  }

  /** All of them, by their ids in package.json. */
  get byId(): ReadonlyMap<string, RowTree> {
    return new Map([this.taskRuns, this.cluster, this.dags].map((tree) => [tree.id, tree]));
  }

  /** For package.json's `when` clauses. */
  #sayFiltered(): void {
    const { isFiltering } = this.taskRunsView;
    void vscode.commands.executeCommand('setContext', 'mesosAirflow.taskRunsFiltered', isFiltering);
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
