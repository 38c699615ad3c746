import * as vscode from 'vscode';
import { Disposing } from '../dispose.ts';
import type { RowTree } from './rowTree.ts';

/** All views, by their ids in package.json. */
export const viewIds = ['mesosAirflow.taskRuns', 'mesosAirflow.cluster', 'mesosAirflow.dags'] as const;
export type ViewId = (typeof viewIds)[number];

/**
 * A view as VS Code knows it. It is there at once; the rows are asked of a RowTree, which is loaded later: until then the
 * view waits for them.
 */
export class TreeView extends Disposing implements vscode.TreeDataProvider<string> {
  readonly id: ViewId;
  readonly #changed = this.register(new vscode.EventEmitter<string[] | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly view: vscode.TreeView<string>;
  #rows: RowTree | undefined;
  #come: (rows: RowTree) => void = () => undefined;
  readonly #coming = new Promise<RowTree>((resolve) => {
    this.#come = resolve;
  });

  constructor(id: ViewId) {
    super();
    this.id = id;
    this.view = this.register(
      vscode.window.createTreeView(id, { treeDataProvider: this, showCollapseAll: true }),
    );
  }

  /** What it shows from now on. */
  take(rows: RowTree): void {
    this.#rows = rows;
    this.#come(rows);
  }

  /** Has VS Code ask again for some rows, or for all. */
  changed(ids: string[] | undefined): void {
    this.#changed.fire(ids);
  }

  getChildren(id?: string): string[] | Promise<string[]> {
    return this.#rows?.getChildren(id) ?? this.#coming.then((rows) => rows.getChildren(id));
  }

  getTreeItem(id: string): vscode.TreeItem {
    return this.#rows?.getTreeItem(id) ?? new vscode.TreeItem('');
  }

  getParent(id: string): string | undefined {
    return this.#rows?.getParent(id);
  }
}
