import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { Disposing } from '../dispose.ts';
import type { LogDocuments } from '../logs/documents.ts';
import { wordsOf } from '../logs/view.ts';

/** Says in the status bar which filter the log in front has: the line of the document that says it may be far above. */
export class LogViewStatus extends Disposing {
  readonly #documents: LogDocuments;
  readonly #item = this.register(
    vscode.window.createStatusBarItem('mesosAirflow.logFilter', vscode.StatusBarAlignment.Right, 100),
  );

  constructor(documents: LogDocuments) {
    super();
    this.#documents = documents;
    this.#item.name = l10n.t('Filter of the Log');
    this.#item.command = 'mesosAirflow.filterLog';
    this.register(vscode.window.onDidChangeActiveTextEditor(() => this.#refresh()));
    this.register(documents.onDidChangeRows(() => this.#refresh()));
    this.#refresh();
  }

  #refresh(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const words = wordsOf(uri && this.#documents.logOf(uri)?.view.filter);
    if (words === '') {
      this.#item.hide();
      return;
    }
    const said = l10n.t('filtered: {0}', words);
    if (this.#item.tooltip !== said) {
      this.#item.text = `$(filter-filled) ${shortened(words)}`;
      this.#item.tooltip = said;
    }
    this.#item.show();
  }
}

function shortened(words: string): string {
  return words.length > 40 ? `${words.slice(0, 39)}…` : words;
}
