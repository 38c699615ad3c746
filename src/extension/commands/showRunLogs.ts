import * as l10n from '@vscode/l10n';
import type { Run } from '../app.ts';
import { runLogUri } from '../runLogs/uri.ts';
import { connected } from './connected.ts';
import { runFor } from './pickRun.ts';

/** Shows the logs of all tasks of a DAG's run in one document, by time. */
export const showRunLogs: Run = async (app, argument) => {
  const client = connected(app);
  if (!client) return;
  const run = await runFor(client, argument, l10n.t('The logs of which run?'));
  if (run) await (await app.logs()).show(runLogUri(app.model.name, run, Date.now()));
};
