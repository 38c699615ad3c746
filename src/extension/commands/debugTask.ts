import * as l10n from '@vscode/l10n';
import type { Run } from '../app.ts';
import { connected } from './connected.ts';
import { taskRunFor } from './pickTaskRun.ts';

/** Runs a copy of a task instance on an agent, with a debugger attached; the one of the run is not touched. */
export const debugTask: Run = async (app, argument) => {
  const client = connected(app);
  if (!client) return;
  const run = await taskRunFor(client, argument, {
    placeHolder: l10n.t('A copy of which task shall be debugged?'),
    none: l10n.t('No task has run yet. Trigger a DAG first.'),
  });
  if (!run) return;
  const cluster = app.model.picture.state?.cluster ?? (await client.cluster());
  const copies = await app.debugCopies();
  await copies.debug(client, run, cluster);
};
