import * as vscode from 'vscode';
import { Disposing } from '../dispose.ts';
import type { LogDocuments } from './documents.ts';

/** What first and last lines of log documents offer, by a click. */
export class LogOffers extends Disposing implements vscode.DocumentLinkProvider {
  readonly #logs: LogDocuments;

  constructor(logs: LogDocuments, schemes: readonly string[]) {
    super();
    this.#logs = logs;
    const selector = schemes.map((scheme) => ({ scheme }));
    this.register(vscode.languages.registerDocumentLinkProvider(selector, this));
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const rows = this.#logs.rowsOf(document);
    const lines = [...new Set([0, rows.length - 1])];
    return lines.flatMap((line) =>
      (rows[line]?.commands ?? []).map(({ start, end, command }) => {
        const argument = encodeURIComponent(JSON.stringify([document.uri.toString()]));
        const target = vscode.Uri.parse(`command:mesosAirflow.${command}?${argument}`);
        return new vscode.DocumentLink(new vscode.Range(line, start, line, end), target);
      }),
    );
  }
}
