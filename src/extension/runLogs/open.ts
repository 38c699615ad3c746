import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { ServiceClient } from '../../client/serviceClient.ts';
import type { Followed } from '../logs/followed.ts';
import { runName } from '../tree/states.ts';
import { OneLog } from './oneLog.ts';
import { RunLog } from './runLog.ts';
import { comparedOfUri, fileOfUri, runOfUri } from './uri.ts';

/** A window on a log holds so much, in characters. */
const mostCharacters = 2 * 1024 * 1024;
/** A run with more tries than this is shown as far. */
const mostTasks = 1000;

/** The document of an address of a run's logs, of a side of a comparison, or of a file of a sandbox. Throws where it is another one's. */
export function runLogOf(uri: vscode.Uri, client: () => ServiceClient): Followed {
  const compared = comparedOfUri(uri);
  if (compared !== undefined) {
    return new OneLog({
      most: mostCharacters,
      // The same on both sides.
      title: l10n.t('times are left out'),
      isTimeless: true,
      follow: (offset, signal, whole) => client().followLog(compared, { offset, signal, whole }),
    });
  }
  const named = fileOfUri(uri);
  if (named) {
    const { task, file } = named;
    return new OneLog({
      most: mostCharacters,
      title: file,
      isTimeless: false,
      follow: (offset, signal, whole) => client().followLog(task, { file, offset, signal, whole }),
    });
  }
  const run = runOfUri(uri);
  if (!run) throw new Error(`no log is called ${uri.toString()}`);
  const { dag_id, run_id } = run;
  return new RunLog({
    title: `${dag_id} · ${runName(run_id, Date.now())}`,
    most: mostCharacters,
    source: {
      tasks: async (signal) => client().tasks({ dag_id, run_id, limit: mostTasks }, { signal }),
      state: async (signal) => (await client().dagRun(dag_id, run_id, { signal })).state,
      follow: (task, file, offset, signal) => client().followLog(task, { file, offset, signal }),
    },
  });
}
