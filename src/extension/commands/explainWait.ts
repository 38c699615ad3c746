import * as l10n from '@vscode/l10n';
import type { Run } from '../app.ts';
import { waitingReport } from '../reports/waiting.ts';
import { lookOf, taskName } from '../tree/states.ts';
import { connected, tell } from './connected.ts';
import { taskRunFor } from './pickTaskRun.ts';

/** Shows why a task is not running yet: the reason, what it asks for, what the agents have, what became of offers. */
export const explainWait: Run = async (app, argument) => {
  const client = connected(app);
  if (!client) return;
  const run = await taskRunFor(client, argument, {
    placeHolder: l10n.t('Why does which task wait?'),
    only: ({ state }) => state === 'queued',
    none: l10n.t('No task waits for Mesos.'),
  });
  if (!run) return;
  if (run.state !== 'queued') {
    tell(l10n.t('{0} of {1} does not wait: {2}.', taskName(run), run.key.dag_id, lookOf(run).text));
    return;
  }
  const [cluster, agents, offers] = await Promise.all([client.cluster(), client.agents(), client.offers()]);
  const lines = waitingReport(run, { cluster, agents, offers }, Date.now());
  await app.reports.show(l10n.t('Why {0} waits', taskName(run)), lines);
};
