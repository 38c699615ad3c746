import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PartView } from '../../api/people.ts';
import { standingOf } from '../cluster/incidents.ts';
import type { App, Run } from '../app.ts';
import { partLogUri } from '../logs/uri.ts';

const placeHolder = (): string => l10n.t('The log of which part?');

/**
 * Opens the log of a part of the cluster: of the row that was clicked, or of one that the person picks. Where the cluster
 * does not run, the logs that a start which failed has kept.
 */
export const showPartLog: Run = async (app, row) => {
  const parts = app.model.picture.state?.cluster.parts ?? [];
  if (parts.length === 0) {
    await pickKept(app);
    return;
  }
  const name = typeof row === 'string' ? row.replace(/^part:/, '') : undefined;
  const part = name === undefined ? await pick(app, parts) : parts.find((each) => each.name === name);
  if (part) await show(app, part);
};

async function show(app: App, { name, container, log }: PartView): Promise<void> {
  // A container's log is Docker's: the command line reads it.
  if (container !== undefined) await (await app.logs()).show(partLogUri(app.model.name, name));
  else await showFile(log);
}

async function showFile(file: string): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
}

async function pick({ model }: App, parts: readonly PartView[]): Promise<PartView | undefined> {
  const items = parts.map((part) => {
    const { state, detail } = standingOf(part, model.picture.incidents.get(part.name));
    return { part, label: part.name, description: detail === '' ? state : `${state} · ${detail}` };
  });
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: placeHolder() });
  return chosen?.part;
}

async function pickKept({ model }: App): Promise<void> {
  const { logs } = model.folder;
  const files = fs.existsSync(logs) ? fs.readdirSync(logs).filter((file) => file.endsWith('.log')) : [];
  if (files.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('The cluster “{0}” is not running.', model.name));
    return;
  }
  const items = files.sort().map((file) => ({ file, label: path.basename(file, '.log') }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: placeHolder() });
  if (chosen) await showFile(path.join(logs, chosen.file));
}
