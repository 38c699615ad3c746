import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ServiceClient } from '../../client/serviceClient.ts';
import type { App } from '../app.ts';

/** The service's client; where the cluster is not running it says so. */
export function connected({ model }: App): ServiceClient | undefined {
  if (!model.client) {
    const { phase } = model.picture.connection;
    tell(
      phase === 'lost'
        ? l10n.t('The cluster “{0}” does not answer. It is tried again.', model.name)
        : l10n.t('The cluster “{0}” is not running.', model.name),
    );
  }
  return model.client;
}

/** Says something that needs no answer. */
export function tell(text: string): void {
  void vscode.window.showInformationMessage(text);
}

/** Asks before something is lost. `verb`: what the person wants, which is the button too. */
export async function confirmed(
  { text, detail }: { readonly text: string; readonly detail: string },
  verb: string,
): Promise<boolean> {
  return (await vscode.window.showWarningMessage(text, { modal: true, detail }, verb)) === verb;
}
