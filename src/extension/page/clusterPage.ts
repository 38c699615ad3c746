import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { FromPage, PlayRecording } from '../../page/protocol.ts';
import type { ClusterModel } from '../cluster/model.ts';
import { Disposing } from '../dispose.ts';
import { showError } from '../messages.ts';
import type { PagePanel } from './panel.ts';
import { pageViewType } from './restored.ts';

interface Open {
  readonly panel: vscode.WebviewPanel;
  /** What it shows is being loaded. */
  page: PagePanel | undefined;
}

/** The cluster page, of which a window has one: it comes to the front where it is open already, and survives a reload. */
export class ClusterPage extends Disposing {
  readonly #model: ClusterModel;
  readonly #log: vscode.LogOutputChannel;
  readonly #root: vscode.Uri;
  #open: Open | undefined;

  constructor(model: ClusterModel, log: vscode.LogOutputChannel, extensionRoot: string) {
    super();
    this.#model = model;
    this.#log = log;
    this.#root = vscode.Uri.file(extensionRoot);
    this.register({ dispose: () => this.#open?.page?.dispose() });
  }

  /** What is open, for tests. */
  get page(): PagePanel | undefined {
    return this.#open?.page;
  }

  async show(): Promise<void> {
    if (this.#open) {
      this.#open.panel.reveal();
      return;
    }
    await this.take(
      vscode.window.createWebviewPanel(
        pageViewType,
        l10n.t('Mesos Airflow Cluster'),
        vscode.ViewColumn.Active,
      ),
    );
  }

  /** What the page asks for; tests ask the same. */
  act(message: Exclude<FromPage, { type: 'ready' }>): void {
    switch (message.type) {
      case 'openTask':
        void vscode.commands.executeCommand('mesosAirflow.showTaskLog', `taskRun:${message.id}`);
        break;
      case 'start':
        void vscode.commands.executeCommand('mesosAirflow.start');
        break;
      case 'recording':
        void this.#play(message);
        break;
    }
  }

  /** A living cluster has no other time than now, and its page no way to ask for one. */
  async #play({ at, speed, paused }: PlayRecording): Promise<void> {
    if (!this.#model.picture.state?.cluster.recording) return;
    const asked = {
      ...(at === undefined ? {} : { at: Math.round(at) }),
      ...(speed === undefined ? {} : { speed }),
      ...(paused === undefined ? {} : { paused }),
    };
    try {
      await this.#model.client?.controlRecording(asked);
    } catch (error) {
      await showError(this.#log, error);
    }
  }

  #media(name: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#root, 'media', name);
  }

  /** Shows the cluster in a panel: a new one, or one of before a reload. */
  async take(panel: vscode.WebviewPanel): Promise<void> {
    this.#open?.panel.dispose();
    panel.iconPath = { light: this.#media('page-light.svg'), dark: this.#media('page-dark.svg') };
    const open: Open = { panel, page: undefined };
    this.#open = open;
    panel.onDidDispose(() => {
      open.page?.dispose();
      if (this.#open === open) this.#open = undefined;
    });
    const { PagePanel } = await import('./panel.ts');
    // Closed meanwhile, or another took its place.
    if (this.#open !== open) return;
    open.page = new PagePanel({
      panel,
      files: vscode.Uri.joinPath(this.#root, 'dist', 'page'),
      model: this.#model,
      act: (message) => this.act(message),
    });
  }
}
