import * as l10n from '@vscode/l10n';
import type { Run } from '../app.ts';
import { logUri } from '../logs/uri.ts';
import { connected } from './connected.ts';
import { taskRunFor } from './pickTaskRun.ts';

/** Opens the log of a task run: of the row that was clicked, or of one that the person picks. */
export const showTaskLog: Run = async (app, argument) => {
  const client = connected(app);
  if (!client) return;
  const run = await taskRunFor(client, argument, {
    placeHolder: l10n.t('The log of which task run?'),
    none: l10n.t('No task has run on this cluster yet.'),
  });
  if (run) await (await app.logs()).show(logUri(app.model.name, run));
};
