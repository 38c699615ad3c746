import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Run } from '../app.ts';
import { ask } from '../commandLine/forApp.ts';
import { examination } from '../engine/possibility.ts';
import { prerequisitesReport } from '../reports/prerequisites.ts';

/** Pythons are asked for their versions, and Docker for what it has. */
const limitMs = 60_000;

/** Shows what a cluster needs of this machine, with a remedy for each lack. */
export const checkPrerequisites: Run = async (app) => {
  const found = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: l10n.t('Mesos Airflow: checking this machine'),
    },
    () => ask(app, ['doctor', '--json'], examination, limitMs),
  );
  await app.reports.show(l10n.t('Prerequisites of Mesos Airflow'), prerequisitesReport(found));
};
