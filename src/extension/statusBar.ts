import * as vscode from 'vscode';
import type { ClusterModel } from './cluster/model.ts';
import { Disposing } from './dispose.ts';
import { statusText } from './statusText.ts';

const background = {
  plain: undefined,
  warning: new vscode.ThemeColor('statusBarItem.warningBackground'),
  error: new vscode.ThemeColor('statusBarItem.errorBackground'),
};

/** The cluster's state and counts, at the bottom of the window; a click shows the tree. */
export class StatusBar extends Disposing {
  readonly #item = this.register(
    vscode.window.createStatusBarItem('mesosAirflow.status', vscode.StatusBarAlignment.Left, 20),
  );

  constructor(model: ClusterModel) {
    super();
    this.#item.name = 'Mesos Airflow';
    this.#item.command = 'mesosAirflow.taskRuns.focus';
    this.register(model.onDidChange(() => this.#draw(model)));
  }

  /** What it says now, undefined while it is hidden. */
  get text(): string | undefined {
    return this.#item.text === '' ? undefined : this.#item.text;
  }

  #draw(model: ClusterModel): void {
    const status = statusText(model.picture);
    if (!status) {
      this.#item.text = '';
      this.#item.hide();
      return;
    }
    this.#item.text = status.text;
    this.#item.tooltip = status.tooltip;
    this.#item.backgroundColor = background[status.look];
    this.#item.show();
  }
}
