import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { Disposing } from '../dispose.ts';
import { clusterItems, type ClusterItem, type ListedCluster } from './items.ts';

export interface ClusterInquiry {
  readonly own: string;
  readonly present: string;
  /** What this machine's files tell, at once. */
  readonly known: readonly ListedCluster[];
  /** What the command line tells, with all that Docker has; rejects where it cannot be had. */
  readonly listed: Promise<readonly ListedCluster[]>;
}

/** Asks which cluster the window is to be about. Those known here are offered at once, the others follow. */
export class ClusterPicker extends Disposing {
  #pick: vscode.QuickPick<ClusterItem> | undefined;

  constructor() {
    super();
    this.register({ dispose: () => this.#pick?.dispose() });
  }

  /** What is offered now; undefined while nothing is asked. */
  get shown(): readonly ClusterItem[] | undefined {
    return this.#pick?.items;
  }

  /** The chosen one's name, or undefined where the person did not choose. `onProblem`: not all could be listed. */
  async ask(
    { own, present, known, listed }: ClusterInquiry,
    onProblem: (error: unknown) => void,
  ): Promise<string | undefined> {
    const pick = vscode.window.createQuickPick<ClusterItem>();
    this.#pick?.dispose();
    this.#pick = pick;
    pick.title = l10n.t('Choose Cluster');
    pick.placeholder = l10n.t('Which cluster shall this window start, show and stop? It is remembered.');
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    const show = (clusters: readonly ListedCluster[]): void => {
      const at = pick.activeItems[0]?.name ?? present;
      pick.items = clusterItems({ own, present, clusters });
      const active = pick.items.find(({ name }) => name === at);
      if (active) pick.activeItems = [active];
    };
    try {
      return await new Promise<string | undefined>((resolve) => {
        show(known);
        pick.busy = true;
        listed
          .then((clusters) => {
            if (this.#pick === pick) show(clusters);
          }, onProblem)
          .finally(() => {
            pick.busy = false;
          });
        pick.onDidAccept(() => resolve(pick.activeItems[0]?.name));
        pick.onDidHide(() => resolve(undefined));
        pick.show();
      });
    } finally {
      if (this.#pick === pick) this.#pick = undefined;
      pick.dispose();
    }
  }
}
