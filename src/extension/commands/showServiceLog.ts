import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { findCluster } from '../../client/discover.ts';
import type { Run } from '../app.ts';
import { partLogUri } from '../logs/uri.ts';

/** Opens the log of the cluster's service. */
export const showServiceLog: Run = async ({ logs, model }) => {
  const cluster = await findCluster(model.name);
  if (cluster?.spec?.engine === 'docker') {
    await (await logs()).show(partLogUri(model.name, 'service'));
    return;
  }
  const file = path.join(model.folder.logs, 'service.log');
  if (!fs.existsSync(file)) {
    void vscode.window.showInformationMessage(
      l10n.t('The cluster “{0}” has not been started yet.', model.name),
    );
    return;
  }
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
};
