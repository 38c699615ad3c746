import * as l10n from '@vscode/l10n';
import type { Run } from '../app.ts';
import { openLogTerminal } from '../terminals/open.ts';
import { connected } from './connected.ts';
import { taskRunFor } from './pickTaskRun.ts';

/** Follows the log of a task run in a terminal, in the colours in which it was written. */
export const followInTerminal: Run = async (app, argument) => {
  const client = connected(app);
  if (!client) return;
  const run = await taskRunFor(client, argument, {
    placeHolder: l10n.t('The log of which task run?'),
    none: l10n.t('No task has run on this cluster yet.'),
  });
  if (!run) return;
  openLogTerminal(() => app.model.client, run);
};
