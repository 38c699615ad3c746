import * as vscode from 'vscode';
import { explain, sentences } from './cluster/connection.ts';

/** Shows what went wrong, why and what to do next, with the log one click away. Returns once the person has seen it. */
export async function showError(log: vscode.LogOutputChannel, error: unknown): Promise<void> {
  log.error(error instanceof Error ? error : String(error));
  const parts = explain(error);
  for (const line of [parts.why, parts.next]) if (line) log.error(line);
  const showLog = 'Show Log';
  const chosen = await vscode.window.showErrorMessage(sentences(parts), showLog);
  if (chosen === showLog) log.show();
}
