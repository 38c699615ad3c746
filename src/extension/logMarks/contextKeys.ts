import * as vscode from 'vscode';
import { Disposing } from '../dispose.ts';
import type { LogDocuments } from '../logs/documents.ts';
import { specOf } from '../logs/view.ts';

/** What package.json's `when` clauses ask of a log in an editor: `resource in mesosAirflow.…`. */
export class LogContextKeys extends Disposing {
  readonly #documents: LogDocuments;
  readonly #said = new Map<string, string>();

  constructor(documents: LogDocuments) {
    super();
    this.#documents = documents;
    this.register(vscode.window.onDidChangeVisibleTextEditors(() => this.#refresh()));
    this.register(documents.onDidChangeRows(() => this.#refresh()));
    this.#refresh();
  }

  #refresh(): void {
    const filtered: string[] = [];
    const withStreams: string[] = [];
    for (const { document } of vscode.window.visibleTextEditors) {
      const log = this.#documents.logOf(document.uri);
      if (!log) continue;
      if (specOf(log.view.filter)) filtered.push(document.uri.toString());
      if (log.files.length > 0) withStreams.push(document.uri.toString());
    }
    this.#say('filteredLogs', filtered);
    this.#say('logsWithStreams', withStreams);
  }

  #say(key: string, resources: readonly string[]): void {
    const said = JSON.stringify(resources);
    if (this.#said.get(key) === said) return;
    this.#said.set(key, said);
    void vscode.commands.executeCommand('setContext', `mesosAirflow.${key}`, resources);
  }
}
