import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

/** The Python Debugger extension, Microsoft's or one that stands in its place under the same id. */
const pythonDebugger = 'ms-python.debugpy';

/** Whether Python can be debugged here. Where it cannot, says so and offers the extension that is missing. */
export async function hasPythonDebugger(): Promise<boolean> {
  if (vscode.extensions.getExtension(pythonDebugger)) return true;
  const install = l10n.t('Install');
  const chosen = await vscode.window.showWarningMessage(
    l10n.t('A DAG is debugged by the extension “Python Debugger”, which is not installed.'),
    install,
  );
  if (chosen === install) {
    await vscode.commands.executeCommand('workbench.extensions.installExtension', pythonDebugger);
  }
  return vscode.extensions.getExtension(pythonDebugger) !== undefined;
}
