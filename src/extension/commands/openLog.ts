import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { LogDocuments } from '../logs/documents.ts';
import type { Followed } from '../logs/followed.ts';
import { tell } from './connected.ts';

export interface OpenLog {
  readonly logs: LogDocuments;
  readonly uri: vscode.Uri;
  readonly log: Followed;
}

/** The log of an address, as an editor's menu or a link gives it; without one the log that is in front. Says where it is none. */
export async function openLog(app: App, argument: unknown): Promise<OpenLog | undefined> {
  const logs = await app.logs();
  const uri = addressIn(argument) ?? vscode.window.activeTextEditor?.document.uri;
  const log = uri && logs.logOf(uri);
  if (log) return { logs, uri, log };
  tell(l10n.t('No log is in front.'));
  return undefined;
}

function addressIn(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  return typeof argument === 'string' ? vscode.Uri.parse(argument) : undefined;
}
