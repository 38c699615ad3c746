import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { Disposing } from '../dispose.ts';

const scheme = 'mesos-report';

/** Read-only documents with a text that was made for a person to read, each until it is closed. */
export class Reports extends Disposing implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor() {
    super();
    this.register(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.register(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === scheme) this.#texts.delete(uri.toString());
      }),
    );
  }

  /** Shows it in an editor; in the same one where a report of this title is open. */
  async show(title: string, lines: readonly string[]): Promise<void> {
    // A slash would end the part of the address that an editor shows as its title.
    const uri = vscode.Uri.from({ scheme, path: `/${title.replaceAll('/', '∕')}` });
    this.#texts.set(uri.toString(), lines.join('\n'));
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(uri, { preview: true });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? l10n.t('What stood here is gone: run the command again.');
  }
}
