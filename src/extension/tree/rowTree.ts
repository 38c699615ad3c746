import * as vscode from 'vscode';
import type { Topic } from '../../client/subscription.ts';
import type { ClusterModel } from '../cluster/model.ts';
import { timeIn } from '../cluster/picture.ts';
import { Disposing } from '../dispose.ts';
import { Expansion } from './expansion.ts';
import type { Folds } from './folds.ts';
import { KeptPages } from './keptPages.ts';
import { changesBetween, emptyOutline, parentsOf, type Outline } from './rows.ts';
import { treeItem } from './treeItem.ts';
import type { TreeView } from './treeView.ts';
import type { ViewOf } from './viewOf.ts';

/** How often rows with an age are looked at again while they are visible (milliseconds). */
const agesMs = 20_000;
const nothing: ReadonlySet<Topic> = new Set();

/**
 * The rows of one view as VS Code wants them: its elements are the ids of rows, which are made anew from the model when it changes. While
 * the view is hidden nothing is made, and nothing is asked of the service.
 */
export class RowTree extends Disposing {
  readonly #model: ClusterModel;
  readonly #of: ViewOf;
  readonly #folds: Folds;
  readonly #shown: TreeView;
  readonly #expansion = new Expansion();
  readonly #kept = new KeptPages();
  #outline: Outline = emptyOutline;
  #parents: ReadonlyMap<string, string> | undefined;
  #visible = false;
  #ages: NodeJS.Timeout | undefined;

  constructor(model: ClusterModel, of: ViewOf, folds: Folds, shown: TreeView) {
    super();
    this.#model = model;
    this.#of = of;
    this.#folds = folds;
    this.#shown = shown;
    this.register(this.view.onDidChangeVisibility(({ visible }) => this.#show(visible)));
    this.register(this.view.onDidExpandElement(({ element }) => this.#opened(element)));
    this.register(this.view.onDidCollapseElement(({ element }) => this.#collapsed(element)));
    this.register(model.onDidChange(() => this.#refresh()));
    if (of.onDidChange) this.register(of.onDidChange(() => this.#refresh()));
    this.register({ dispose: () => clearInterval(this.#ages) });
    this.register({ dispose: () => model.want(this, nothing) });
    this.#show(this.view.visible);
    shown.take(this);
  }

  get view(): vscode.TreeView<string> {
    return this.#shown.view;
  }

  get onDidChangeTreeData(): vscode.Event<string[] | undefined> {
    return this.#shown.onDidChangeTreeData;
  }

  /** As in package.json. */
  get id(): string {
    return this.#of.id;
  }

  /** What it shows now. */
  get outline(): Outline {
    return this.#outline;
  }

  /** The ids of the selected rows, the one with the focus first. */
  get selection(): readonly string[] {
    return this.view.selection;
  }

  /** The ids of the expanded rows. */
  get open(): ReadonlySet<string> {
    return this.#expansion.open;
  }

  /** A "load more" row below `id` was clicked. */
  loadMore(id: string): void {
    this.#of.loadMore?.(id);
  }

  getChildren(id?: string): string[] {
    if (id === undefined) return [...this.#outline.roots];
    this.#opened(id, 'asked');
    return [...(this.#outline.rows.get(id)?.children ?? [])];
  }

  getTreeItem(id: string): vscode.TreeItem {
    const row = this.#outline.rows.get(id);
    // It went while VS Code was asking: its parent is about to be drawn without it.
    return row ? treeItem(row, this.#folds.isOpen(id)) : new vscode.TreeItem('');
  }

  getParent(id: string): string | undefined {
    this.#parents ??= parentsOf(this.#outline);
    return this.#parents.get(id);
  }

  /** `asked`: VS Code is about to draw the rows below it. */
  #opened(id: string, how: 'asked' | 'told' = 'told'): void {
    // A question may come of an item that was on its way, still expanded, as the person collapsed the row: who expands it
    // again tells so.
    if (how === 'asked' && this.#folds.isOpen(id) === false) return;
    if (!this.#outline.rows.has(id) || !this.#expansion.opened(id)) return;
    this.#folds.set(id, true);
    this.#refresh(how === 'asked' ? id : undefined);
  }

  #collapsed(id: string): void {
    this.#folds.set(id, false);
    if (this.#expansion.collapsed(id)) this.#refresh();
  }

  #show(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    clearInterval(this.#ages);
    this.#of.seen?.(visible, this.#model.picture);
    if (visible) this.#ages = setInterval(() => this.#refresh(), agesMs);
    else this.#model.want(this, nothing);
    this.#refresh();
  }

  /** `drawn`: a row that VS Code is drawing just now. */
  #refresh(drawn?: string): void {
    const now = timeIn(this.#model.picture);
    this.#drawHeader(now);
    if (!this.#visible) return;
    const before = this.#outline;
    const { open } = this.#expansion;
    const { picture } = this.#model;
    const state = this.#kept.fill(picture.state, this.#of.topics(open));
    this.#outline = this.#of.outline({ ...picture, state }, now, open);
    this.#parents = undefined;
    this.#expansion.forgetAllBut(this.#outline.rows);
    this.#model.want(this, this.#of.topics(open));
    const changes = changesBetween(before, this.#outline);
    if (changes === 'all') {
      this.#shown.changed(undefined);
      return;
    }
    const others = changes.filter((id) => id !== drawn);
    if (others.length > 0) this.#shown.changed(others);
  }

  #drawHeader(now: number): void {
    if (!this.#of.header) return;
    const { description, message, badge } = this.#of.header(this.#model.picture, now);
    // Each assignment is a message to the window.
    if ((this.view.description ?? '') !== (description ?? '')) this.view.description = description ?? '';
    if ((this.view.message ?? '') !== (message ?? '')) this.view.message = message ?? '';
    const shown = badge && badge.count > 0 ? { value: badge.count, tooltip: badge.tooltip } : undefined;
    if (this.view.badge?.value !== shown?.value) this.view.badge = shown;
  }
}
