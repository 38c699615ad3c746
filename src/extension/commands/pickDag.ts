import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DagView } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { dagItems } from '../choices/dags.ts';
import { targetOf } from '../tree/target.ts';
import { tell } from './connected.ts';

interface Wanted {
  readonly placeHolder: string;
  /** Those that can be chosen; all where it is left out. */
  readonly only?: (dag: DagView) => boolean;
  /** Said where there is none of these. */
  readonly none: string;
}

/** The DAG of the row or of the editor's line; without one, that which the person picks. Undefined: none. */
export async function dagFor(
  client: ServiceClient,
  argument: unknown,
  { placeHolder, only = () => true, none }: Wanted,
): Promise<DagView | undefined> {
  const dags = await client.dags();
  const { dag_id } = targetOf(argument);
  if (dag_id !== undefined) {
    const dag = dags.find((one) => one.dag_id === dag_id);
    if (!dag)
      tell(l10n.t('Airflow knows no DAG {0}. A new file takes some seconds until it is seen.', dag_id));
    return dag;
  }
  const possible = dags.filter(only);
  if (possible.length === 0) {
    tell(none);
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(dagItems(possible, Date.now()), {
    placeHolder,
    matchOnDescription: true,
  });
  return chosen?.dag;
}
