import * as vscode from 'vscode';
import type { ClusterView } from '../../api/people.ts';
import type { Topic } from '../../client/subscription.ts';
import type { ClusterModel } from '../cluster/model.ts';
import { Disposing } from '../dispose.ts';
import { DagLenses } from './codeLenses.ts';
import { Diagnostics } from './diagnostics.ts';
import { belowOf, dagFolderOf, type DagFolder } from './folder.ts';
import { problemsOf } from './problems.ts';
import { realPath } from './realPath.ts';

/** How long it matters to us what becomes of a file that was saved, though it is not open (milliseconds). */
const afterSaveMs = 15_000;

const nothing: ReadonlySet<Topic> = new Set();
const dagsTopic: ReadonlySet<Topic> = new Set(['dags']);

/**
 * What the cluster knows of DAG files, shown in them: problems, and what can be done with a DAG. The service is asked for
 * it while a file of the DAG folder is open, was just saved, or has a problem, which must be able to go.
 */
export class DagFiles extends Disposing {
  readonly #model: ClusterModel;
  readonly #diagnostics = this.register(new Diagnostics());
  readonly #lenses = this.register(new DagLenses());
  #folder: DagFolder | undefined;
  #folderOf: string | undefined;
  #afterSave: NodeJS.Timeout | undefined;

  constructor(model: ClusterModel) {
    super();
    this.#model = model;
    this.register(model.onDidChange(() => this.#refresh()));
    this.register(vscode.window.tabGroups.onDidChangeTabs(() => this.#ask()));
    this.register(vscode.workspace.onDidSaveTextDocument(({ uri }) => this.#saved(uri)));
    this.register({ dispose: () => clearTimeout(this.#afterSave) });
    this.register({ dispose: () => model.want(this, nothing) });
    this.#refresh();
  }

  #refresh(): void {
    const { state } = this.#model.picture;
    const folder = this.#folderNow(state?.cluster);
    if (folder) this.#diagnostics.show(problemsOf(state?.importErrors ?? [], folder), folder);
    else this.#diagnostics.clear();
    this.#lenses.show(folder && state?.dags ? { folder, dags: state.dags } : undefined);
    this.#ask();
  }

  #ask(): void {
    const isNeeded =
      this.#folder !== undefined &&
      (this.#diagnostics.some ||
        this.#afterSave !== undefined ||
        openFiles().some((uri) => this.#isOurs(uri)));
    this.#model.want(this, isNeeded ? dagsTopic : nothing);
  }

  #saved(uri: vscode.Uri): void {
    if (!this.#isOurs(uri)) return;
    clearTimeout(this.#afterSave);
    this.#afterSave = setTimeout(() => {
      this.#afterSave = undefined;
      this.#ask();
    }, afterSaveMs);
    this.#ask();
    // Only makes it sooner: without an answer it comes by itself.
    this.#model.client?.dagFileSaved().catch(() => undefined);
  }

  #isOurs({ scheme, fsPath }: vscode.Uri): boolean {
    return (
      scheme === 'file' &&
      fsPath.endsWith('.py') &&
      this.#folder !== undefined &&
      belowOf(this.#folder, fsPath) !== undefined
    );
  }

  /** The disk is asked once for each folder. */
  #folderNow(cluster: ClusterView | undefined): DagFolder | undefined {
    // A recording tells of files as they were once.
    if (cluster?.recording) return this.#folderNow(undefined);
    const key = cluster && JSON.stringify([cluster.dags_folder, cluster.dags_mount]);
    if (key !== this.#folderOf) {
      this.#folderOf = key;
      this.#folder = dagFolderOf(cluster, realPath);
    }
    return this.#folder;
  }
}

/** The files of all tabs, in view or not. */
function openFiles(): vscode.Uri[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs.map(({ input }) => input))
    .flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri] : []));
}
