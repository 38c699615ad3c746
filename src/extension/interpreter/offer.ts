import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import * as vscode from 'vscode';
import type { ClusterSpec } from '../../api/cluster.ts';
import { findCluster } from '../../client/discover.ts';
import type { App } from '../app.ts';
import { belowOf, dagFolderOf } from '../dagFiles/folder.ts';
import { realPath } from '../dagFiles/realPath.ts';
import { Disposing } from '../dispose.ts';
import { showError } from '../messages.ts';
import { interpretersOf, type Interpreters } from './pythonExtension.ts';

/** Remembered of a workspace once the person has answered. */
const answered = 'interpreter was offered';

/** The Python of a cluster that this machine can run: in Docker it is inside images. */
export function pythonOf(spec: ClusterSpec | null | undefined): string | undefined {
  return spec?.engine === 'embedded' ? spec.airflow.python : undefined;
}

/**
 * Offers once for each workspace to take the cluster's Python as its interpreter, so that `import airflow` resolves: when a
 * DAG file of the workspace is in front, the cluster runs on this machine, and the Python extension is there.
 */
export class InterpreterOffer extends Disposing {
  readonly #app: App;
  /** The interpreter whose offer has no answer yet: a message can stand for as long as the window does. */
  #offered: string | undefined;
  /** The file that was looked at last, with its cluster. */
  #looked = '';

  constructor(app: App) {
    super();
    this.#app = app;
    const look = (): void => {
      this.#look().catch((error: unknown) => showError(app.log, error));
    };
    this.register(app.model.onDidChange(look));
    this.register(vscode.window.onDidChangeActiveTextEditor(look));
    look();
  }

  async #look(): Promise<void> {
    const { memory, model } = this.#app;
    if (!vscode.workspace.isTrusted || memory.get(answered) === true) return;
    const folder = this.#folderOfDagFile();
    if (!folder) return;
    const python = pythonOf((await findCluster(model.name))?.spec);
    if (python === undefined || !fs.existsSync(python)) return;
    const interpreters = await interpretersOf(folder);
    if (!interpreters || interpreters.current === python) return;
    if (memory.get(answered) === true) return;
    // What was left without an answer for another cluster stands in no way.
    if (python !== this.#offered) await this.#offer(python, interpreters);
  }

  async #offer(python: string, interpreters: Interpreters): Promise<void> {
    this.#offered = python;
    try {
      const use = l10n.t('Use It');
      const chosen = await vscode.window.showInformationMessage(
        l10n.t('Use the cluster’s Python in this workspace, so that “import airflow” resolves?'),
        use,
        l10n.t('No'),
      );
      await this.#app.memory.update(answered, true);
      if (chosen === use) await interpreters.choose(python);
    } finally {
      if (this.#offered === python) this.#offered = undefined;
    }
  }

  /** The workspace folder of a DAG file that is in front and was not looked at yet. */
  #folderOfDagFile(): vscode.Uri | undefined {
    const { model } = this.#app;
    const document = vscode.window.activeTextEditor?.document;
    if (document?.uri.scheme !== 'file' || document.languageId !== 'python') return undefined;
    const { picture } = model;
    if (picture.connection.phase !== 'live' || !picture.state) return undefined;
    const looked = `${model.name} ${document.uri.toString()}`;
    if (looked === this.#looked) return undefined;
    this.#looked = looked;
    const dags = dagFolderOf(picture.state.cluster, realPath);
    if (!dags || belowOf(dags, document.uri.fsPath) === undefined) return undefined;
    return vscode.workspace.getWorkspaceFolder(document.uri)?.uri;
  }
}
