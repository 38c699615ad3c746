import fs from 'node:fs';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App, Run } from '../app.ts';
import { remediesFor, remedyTitles } from '../commandLine/remedies.ts';
import { mayUseSocket } from '../engine/dockerSocket.ts';
import { chooseEngine } from '../engine/inquire.ts';
import { showError } from '../messages.ts';
import { readSettings, settingsSection } from '../settings.ts';
import { startPlace } from '../start/place.ts';
import { startShown } from '../start/shown.ts';
import { isBusy } from './busy.ts';
import { openAirflow } from './openAirflow.ts';
import { showPartLog } from './showPartLog.ts';

export const start: Run = async (app) => {
  if (isBusy(app)) return;
  const { name } = app.model;
  const place = await startPlace(app);
  if (!place) return;
  const chosen = await chooseEngine(app, name, readSettings(place.scope));
  if (!chosen) return;
  let { engine } = chosen;
  for (;;) {
    if (!(await mayUseSocket(app, name, readSettings(place.scope), engine))) return;
    try {
      const end = await startShown(app, { name, place, engine });
      await ended(app, name, end);
      return;
    } catch (error) {
      await app.leaving.ended(name);
      const titles = remediesFor(error, { ...chosen, engine }).map((remedy) => remedyTitles()[remedy]);
      const remedy = await showError(app.log, error, titles);
      if (remedy === remedyTitles().settings) {
        await vscode.commands.executeCommand('workbench.action.openSettings', settingsSection);
      }
      if (remedy === remedyTitles().partLog) await showPartLog(app, undefined);
      if (remedy === remedyTitles().embedded) engine = 'embedded';
      else if (remedy !== remedyTitles().retry) return;
    }
  }
};

async function ended(app: App, name: string, end: Awaited<ReturnType<typeof startShown>>): Promise<void> {
  if (end === 'stands') {
    void offerAirflow(app);
    void app.leaving.askOnce();
    return;
  }
  // What another window started is that window's.
  await app.leaving.ended(name);
  if (end === 'left') app.log.info('Not followed any more: the start goes on elsewhere.');
  else void tellCancelled(app);
}

async function tellCancelled(app: App): Promise<void> {
  app.log.info('Cancelled; what had been started was ended again.');
  const logs = l10n.t('Show Logs');
  const text = l10n.t('Cancelled: what had been started was ended again. Its logs are kept.');
  if ((await vscode.window.showInformationMessage(text, logs)) !== logs) return;
  // Nothing of the cluster has written yet: then what was said of the start is all that there is.
  if (fs.existsSync(app.model.folder.logs)) await showPartLog(app, undefined);
  else app.log.show();
}

async function offerAirflow(app: App): Promise<void> {
  const open = l10n.t('Open Airflow');
  const text = l10n.t('The Mesos Airflow cluster is ready.');
  if ((await vscode.window.showInformationMessage(text, open)) === open) await openAirflow(app, undefined);
}
