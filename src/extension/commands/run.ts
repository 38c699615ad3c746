import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { showError } from '../messages.ts';
import { argumentFor } from './argument.ts';
import type { Command } from './table.ts';

/** Runs a command on what it was given, and shows what goes wrong. */
export async function runCommand(app: App, command: Command, given: unknown): Promise<void> {
  const found = argumentFor(app, given);
  if (found === 'nothing') return;
  if (command.needsTrust && !vscode.workspace.isTrusted) {
    await askForTrust();
    return;
  }
  try {
    const run = await command.load();
    await run(app, found.argument);
  } catch (error) {
    await showError(app.log, error);
  }
}

async function askForTrust(): Promise<void> {
  const manage = l10n.t('Manage Workspace Trust');
  const chosen = await vscode.window.showWarningMessage(
    l10n.t(
      'This workspace is in restricted mode: clusters can be looked at, stopped and deleted, but not started or changed, because that runs its DAG files.',
    ),
    manage,
  );
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}
