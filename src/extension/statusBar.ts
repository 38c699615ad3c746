import * as vscode from 'vscode';
import type { ClusterModel } from './cluster/model.ts';
import { Disposing } from './dispose.ts';
import type { OwnFailures } from './notifications/ownFailures.ts';
import { statusText, type StatusText } from './statusText.ts';
import type { Absence } from './windowCluster/absence.ts';

const background = {
  plain: undefined,
  warning: new vscode.ThemeColor('statusBarItem.warningBackground'),
  error: new vscode.ThemeColor('statusBarItem.errorBackground'),
};

const clicks: Readonly<Record<StatusText['click'], string>> = {
  show: 'mesosAirflow.taskRuns.focus',
  start: 'mesosAirflow.start',
  choose: 'mesosAirflow.chooseCluster',
};

/** The cluster's state and counts, at the bottom of the window; a click shows it, starts it, or lets one choose another. */
export class StatusBar extends Disposing {
  readonly #item = this.register(
    vscode.window.createStatusBarItem('mesosAirflow.status', vscode.StatusBarAlignment.Left, 20),
  );

  constructor(model: ClusterModel, absence: Absence, ownFailures: OwnFailures) {
    super();
    this.#item.name = 'Mesos Airflow';
    const draw = (): void => {
      const { count } = ownFailures;
      this.#draw(statusText(model.picture, model.name, { whatElse: absence.now, ownFailures: count }));
    };
    this.register(model.onDidChange(draw));
    this.register(absence.onDidChange(draw));
    this.register(ownFailures.onDidChange(draw));
  }

  /** What it says now, undefined while it is hidden. */
  get text(): string | undefined {
    return this.#item.text === '' ? undefined : this.#item.text;
  }

  get tooltip(): string {
    const { tooltip } = this.#item;
    return typeof tooltip === 'string' ? tooltip : '';
  }

  #draw(status: StatusText | undefined): void {
    if (!status) {
      this.#item.text = '';
      this.#item.hide();
      return;
    }
    this.#item.text = status.text;
    this.#item.tooltip = status.tooltip;
    this.#item.accessibilityInformation = { label: `${spoken(status.text)}. ${status.tooltip}` };
    this.#item.command = clicks[status.click];
    this.#item.backgroundColor = background[status.look];
    this.#item.show();
  }
}

/** Without codicons, which a screen reader would spell. */
function spoken(text: string): string {
  return text.replace(/\$\([^)]*\)\s*/g, '');
}
