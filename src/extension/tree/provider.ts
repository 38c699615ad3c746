import * as vscode from 'vscode';
import type { ClusterModel } from '../cluster/model.ts';
import { Disposing } from '../dispose.ts';
import { clusterOutline } from './clusterOutline.ts';
import { changesBetween, emptyOutline, type Outline, type Row } from './rows.ts';

/** How often rows with an age are looked at again while they are visible (milliseconds). */
const agesMs = 20_000;

/** The tree as VS Code wants it: its elements are the ids of rows, which are made anew from the model when it changes. */
export class ClusterTree extends Disposing implements vscode.TreeDataProvider<string> {
  readonly #model: ClusterModel;
  readonly #changed = this.register(new vscode.EventEmitter<string[] | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly view: vscode.TreeView<string>;
  #outline: Outline = emptyOutline;
  #visible = false;
  #ages: NodeJS.Timeout | undefined;

  constructor(model: ClusterModel) {
    super();
    this.#model = model;
    this.view = this.register(
      vscode.window.createTreeView('mesosAirflow.cluster', { treeDataProvider: this }),
    );
    this.register(this.view.onDidChangeVisibility(({ visible }) => this.#show(visible)));
    this.register(model.onDidChange(() => this.#refresh()));
    this.register({ dispose: () => clearInterval(this.#ages) });
    this.#show(this.view.visible);
  }

  /** What it shows now. */
  get outline(): Outline {
    return this.#outline;
  }

  getChildren(id?: string): string[] {
    return [...(id === undefined ? this.#outline.roots : (this.#outline.rows.get(id)?.children ?? []))];
  }

  getTreeItem(id: string): vscode.TreeItem {
    const row = this.#outline.rows.get(id);
    // It went while VS Code was asking: its parent is about to be drawn without it.
    return row ? treeItem(row) : new vscode.TreeItem('');
  }

  getParent(id: string): string | undefined {
    for (const row of this.#outline.rows.values()) if (row.children.includes(id)) return row.id;
    return undefined;
  }

  #show(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    this.#model.setDetail(visible ? 'all' : 'counts');
    clearInterval(this.#ages);
    if (!visible) return;
    this.#ages = setInterval(() => this.#refresh(), agesMs);
    this.#refresh();
  }

  #refresh(): void {
    if (!this.#visible) return;
    const before = this.#outline;
    this.#outline = clusterOutline(this.#model.picture, Date.now());
    const changes = changesBetween(before, this.#outline);
    if (changes === 'all') this.#changed.fire(undefined);
    else if (changes.length > 0) this.#changed.fire([...changes]);
  }
}

const collapsible: Readonly<Record<Row['opens'], vscode.TreeItemCollapsibleState>> = {
  never: vscode.TreeItemCollapsibleState.None,
  closed: vscode.TreeItemCollapsibleState.Collapsed,
  open: vscode.TreeItemCollapsibleState.Expanded,
};

function treeItem(row: Row): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, collapsible[row.opens]);
  item.id = row.id;
  item.description = row.description;
  item.contextValue = row.context;
  item.accessibilityInformation = { label: `${row.label}, ${row.description}` };
  if (row.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(row.tooltip);
  if (row.icon) {
    const colour = row.icon.colour === undefined ? undefined : new vscode.ThemeColor(row.icon.colour);
    item.iconPath = new vscode.ThemeIcon(row.icon.id, colour);
  }
  if (row.click) item.command = { ...row.click, arguments: [...row.click.arguments] };
  return item;
}
