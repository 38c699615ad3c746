import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { stoppedItselfText } from '../../words/stoppedItself.ts';
import { Disposing } from '../dispose.ts';
import type { Absence } from './absence.ts';
import type { Memory } from './choice.ts';

/** Says once, in the first window that finds it, that the cluster stopped itself. */
export class StoppedNotice extends Disposing {
  readonly #memory: Memory;

  /** `memory`: of all windows of this machine. */
  constructor(name: () => string, absence: Absence, memory: Memory) {
    super();
    this.#memory = memory;
    this.register(
      absence.onDidChange(() => {
        if (absence.now.itself) void this.#tell(name(), absence.now.itself);
      }),
    );
  }

  async #tell(name: string, itself: NonNullable<Absence['now']['itself']>): Promise<void> {
    const key = `toldStopped:${name}`;
    if (this.#memory.get(key) === itself.at) return;
    await this.#memory.update(key, itself.at);
    const start = l10n.t('Start It Again');
    const text = l10n.t('The cluster “{0}” {1}. Its runs are kept.', name, stoppedItselfText(itself));
    if ((await vscode.window.showInformationMessage(text, start)) !== start) return;
    await vscode.commands.executeCommand('mesosAirflow.start');
  }
}
