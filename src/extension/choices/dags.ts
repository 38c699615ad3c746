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
      const facts = [dag.schedule ?? 'no schedule'];
      if (dag.paused) facts.push('paused');
      if (dag.has_import_errors) facts.push('its file cannot be imported');
      const last = dag.last_run;
      const state = last && (wordsOf(last.state)?.word ?? last.state);
      return {
        dag,
        label: dag.dag_id,
        description: facts.join(' · '),
        ...(last && state !== null ? { detail: `last run: ${runName(last.run_id, now)} · ${state}` } : {}),
      };
    });
}
