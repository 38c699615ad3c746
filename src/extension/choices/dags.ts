import * as l10n from '@vscode/l10n';
import type { DagView } from '../../api/people.ts';
import { wordsOf } from '../../words/states.ts';
import { runName } from '../tree/states.ts';

/** A DAG in a picker. */
export interface DagItem {
  readonly dag: DagView;
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
}

/** DAGs for a picker: by name, with schedule and whether they are paused, and how they last ran. */
export function dagItems(dags: readonly DagView[], now: number): DagItem[] {
  return [...dags]
    .sort((a, b) => a.dag_id.localeCompare(b.dag_id))
    .map((dag) => {
      const facts = [dag.schedule ?? l10n.t('no schedule')];
      if (dag.paused) facts.push(l10n.t('paused'));
      if (dag.has_import_errors) facts.push(l10n.t('its file cannot be imported'));
      const last = dag.last_run;
      const state = last && (wordsOf(last.state)?.word ?? last.state);
      return {
        dag,
        label: dag.dag_id,
        description: facts.join(' · '),
        ...(last && state !== null
          ? { detail: l10n.t('last run: {0} · {1}', runName(last.run_id, now), state) }
          : {}),
      };
    });
}
