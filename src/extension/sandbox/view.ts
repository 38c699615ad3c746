import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { SandboxEntry } from '../../api/logs.ts';
import { Disposing, type Disposable } from '../dispose.ts';
import { folderOf, placeOf, uriPathOf, type Place } from './place.ts';
import type { SandboxFileSystem } from './provider.ts';
import {
  emptyRow,
  entryRow,
  inOrder,
  placeIn,
  problemRow,
  sandboxRow,
  type OpenSandbox,
  type SandboxRow,
} from './rows.ts';
import { uriOf } from './uri.ts';

export const sandboxView = 'mesosAirflow.sandboxes';

/**
 * Sandboxes that were opened, in the Explorer below the workspace's folders, which they are not made part of: the workspace
 * would be another one. Its elements are the paths of addresses; folders are watched while they are expanded in view.
 */
export class SandboxView extends Disposing implements vscode.TreeDataProvider<string> {
  readonly #files: SandboxFileSystem;
  readonly #changed = this.register(new vscode.EventEmitter<string[] | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly view: vscode.TreeView<string>;
  #sandboxes: readonly OpenSandbox[] = [];
  readonly #rows = new Map<string, SandboxRow>();
  readonly #expanded = new Set<string>();
  readonly #watching = new Map<string, Disposable>();

  constructor(files: SandboxFileSystem) {
    super();
    this.#files = files;
    this.view = this.register(
      vscode.window.createTreeView(sandboxView, { treeDataProvider: this, showCollapseAll: true }),
    );
    this.register(this.view.onDidChangeVisibility(() => this.#watch()));
    this.register(
      this.view.onDidExpandElement(({ element }) => {
        this.#expanded.add(element);
        this.#watch();
      }),
    );
    this.register(
      this.view.onDidCollapseElement(({ element }) => {
        this.#expanded.delete(element);
        this.#watch();
      }),
    );
    this.register(files.onDidChangeFile((changes) => this.#draw(changes)));
    this.register({ dispose: () => this.#watching.forEach((watching) => watching.dispose()) });
  }

  /** What it shows now, by the paths of addresses. */
  get rows(): ReadonlyMap<string, SandboxRow> {
    return this.#rows;
  }

  get sandboxes(): readonly OpenSandbox[] {
    return this.#sandboxes;
  }

  set(sandboxes: readonly OpenSandbox[]): void {
    this.#sandboxes = sandboxes;
    const roots = this.getRoots();
    for (const element of [...this.#expanded]) {
      if (!roots.some((root) => element === root || element.startsWith(`${root}/`)))
        this.#expanded.delete(element);
    }
    this.#watch();
    this.#changed.fire(undefined);
  }

  /** Shows a sandbox expanded, and gives it the focus. */
  async reveal(sandbox: OpenSandbox): Promise<void> {
    await this.view.reveal(uriPathOf(placeIn(sandbox)), { expand: true, focus: true, select: true });
  }

  /** Asks for all of it again. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  getRoots(): string[] {
    return this.#sandboxes.map((sandbox) => {
      const element = uriPathOf(placeIn(sandbox));
      this.#rows.set(element, sandboxRow(sandbox));
      return element;
    });
  }

  async getChildren(element?: string): Promise<string[]> {
    if (element === undefined) return this.getRoots();
    const place = placeOf(element);
    if (!place) return [];
    let entries: readonly SandboxEntry[];
    try {
      entries = await this.#files.files.list(place);
    } catch (error) {
      return [this.#said(element, problemRow(error))];
    }
    if (entries.length === 0) return [this.#said(element, emptyRow())];
    return inOrder(entries).map((entry) => {
      const below = uriPathOf({ ...place, path: entry.path });
      this.#rows.set(below, entryRow(entry, Date.now()));
      return below;
    });
  }

  getTreeItem(element: string): vscode.TreeItem {
    const row = this.#rows.get(element);
    if (!row) return new vscode.TreeItem('');
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(
      row.label,
      !row.opens ? None : row.context === 'sandbox' ? Expanded : Collapsed,
    );
    item.id = element;
    item.description = row.description;
    item.contextValue = row.context;
    item.accessibilityInformation = { label: [row.label, row.description].filter((text) => text).join(', ') };
    if (row.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(row.tooltip);
    if (row.context === 'sandboxProblem') item.iconPath = new vscode.ThemeIcon('warning');
    const place = placeOf(element);
    if (place && row.context !== 'sandboxProblem' && row.context !== 'sandboxEmpty') {
      item.resourceUri = uriOf(place);
      item.iconPath = row.opens ? vscode.ThemeIcon.Folder : vscode.ThemeIcon.File;
    }
    if (row.context === 'sandboxFile') {
      item.command = { command: 'mesosAirflow.openSandboxFile', title: l10n.t('Open'), arguments: [element] };
    }
    return item;
  }

  getParent(element: string): string | undefined {
    const place = placeOf(element);
    return place && place.path !== '' ? uriPathOf({ ...place, path: folderOf(place.path) }) : undefined;
  }

  /** A row that is no file, in place of those of a folder. */
  #said(folder: string, row: SandboxRow): string {
    const element = `${row.context}:${folder}`;
    this.#rows.set(element, row);
    return element;
  }

  #draw(changes: readonly vscode.FileChangeEvent[]): void {
    const folders = new Set<string>();
    for (const { uri } of changes) {
      const parent = this.getParent(uri.path);
      if (parent !== undefined && this.#rows.has(parent)) folders.add(parent);
    }
    if (folders.size > 0) this.#changed.fire([...folders]);
  }

  /** What is expanded and in view is watched, and nothing else. */
  #watch(): void {
    const wanted = new Map<string, Place>();
    if (this.view.visible) {
      for (const element of this.#expanded) {
        const place = placeOf(element);
        if (place) wanted.set(element, place);
      }
    }
    for (const [element, watching] of [...this.#watching]) {
      if (wanted.has(element)) continue;
      watching.dispose();
      this.#watching.delete(element);
    }
    for (const [element, place] of wanted) {
      if (!this.#watching.has(element)) this.#watching.set(element, this.#files.watched.folder(place));
    }
  }
}
