import * as vscode from 'vscode';
import { ExplainedError } from '../host/errors.ts';
import { explain, sentences } from './cluster/connection.ts';

/** Shows what went wrong, why and what to do next, with the log one click away. Returns once the person has seen it. */
export async function showError(log: vscode.LogOutputChannel, error: unknown): Promise<void> {
  const parts = explain(error);
  // One that nobody thought of has its stack to explain it.
  if (error instanceof Error && !(error instanceof ExplainedError)) log.error(error);
  else log.error(sentences(parts));
  const showLog = 'Show Log';
  const chosen = await vscode.window.showErrorMessage(sentences(parts), showLog);
  if (chosen === showLog) log.show();
}
