import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { shortDetail } from '../commandLine/detail.ts';
import { runWithPhases } from '../commandLine/forApp.ts';

/** Whether this window starts or ends the cluster just now: says so, and nothing else is begun then. */
export function isBusy({ model }: App): boolean {
  const { starting } = model.picture;
  // One of another window can be followed, or ended.
  if (!starting || starting.elsewhere) return false;
  void vscode.window.showInformationMessage(
    l10n.t('The cluster “{0}” is busy: {1}.', model.name, starting.phase),
  );
  return true;
}

/** Runs a command that ends the cluster, with its phases in a notification and in the status bar. */
export async function endShown(
  app: App,
  {
    title,
    phase,
    args,
  }: { readonly title: string; readonly phase: string; readonly args: readonly string[] },
): Promise<void> {
  const engine = app.model.picture.state?.cluster.engine;
  const known = engine === undefined ? {} : { engine };
  app.model.setStarting({ ...known, phase, detail: '' });
  try {
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, (progress) =>
      runWithPhases(app, args, {
        onPhase: (line) => {
          const detail = shortDetail(line.detail);
          progress.report({ message: detail === '' ? line.phase : detail });
          app.model.setStarting({ ...known, phase, detail });
        },
      }),
    );
  } finally {
    app.model.setStarting(undefined);
    app.model.look();
  }
}
