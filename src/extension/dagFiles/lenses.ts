import * as l10n from '@vscode/l10n';
import type { DagView } from '../../api/people.ts';
import { wordsOf } from '../../words/states.ts';
import { clock } from '../format.ts';
import { definitionLine } from './definitions.ts';
import { belowOfAirflow, type DagFolder } from './folder.ts';

/** A line of a DAG file that something is written above. */
export interface Lens {
  /** Counted from 0. */
  readonly line: number;
  readonly title: string;
  readonly tooltip: string;
  readonly dag_id: string;
  /** Of its last run, where it is of that. */
  readonly run_id?: string;
  /** It debugs the DAG. */
  readonly debug?: true;
}

/** What stands above the DAGs of a file: `below`, its path below the DAG folder. */
export function lensesOf(
  text: string,
  below: string,
  dags: readonly DagView[],
  folder: DagFolder,
  now: number,
): Lens[] {
  const here = dags.filter(({ fileloc }) => belowOfAirflow(folder, fileloc) === below);
  const places = here.map((dag) => ({ dag, line: definitionLine(text, dag.dag_id) }));
  return places.flatMap(({ dag, line }) => {
    // Several on one line, as where a loop makes them, must say which they are.
    const shared = places.filter((other) => other.line === line).length > 1;
    return lensesOfDag(dag, line, shared ? `${dag.dag_id}: ` : '', now, folder.here);
  });
}

/** `here`: the cluster's Python is on this machine, so that the DAG can be debugged in it. */
function lensesOfDag(
  { dag_id, last_run }: DagView,
  line: number,
  before: string,
  now: number,
  here: boolean,
): Lens[] {
  const title = `${before}▷ ${l10n.t('Run on Mesos')}`;
  const run = { line, title, tooltip: l10n.t('Trigger a run of {0}', dag_id), dag_id };
  const debug: Lens = {
    line,
    title: `${before}${l10n.t('Debug DAG')}`,
    tooltip: l10n.t('Run {0} on this machine under the debugger, apart from the cluster', dag_id),
    dag_id,
    debug: true,
  };
  const actions = here ? [run, debug] : [run];
  if (!last_run) return actions;
  const { run_id, state, started, ended } = last_run;
  const at = ended ?? started;
  const word = wordsOf(state)?.word ?? state;
  const last =
    at === undefined || at === null
      ? l10n.t('last run: {0}', word)
      : l10n.t('last run: {0}, {1}', word, clock(at, now).replace(/:\d\d$/, ''));
  return [
    ...actions,
    {
      line,
      title: `${before}${last}`,
      tooltip: l10n.t('{0}: show it in Airflow', run_id),
      dag_id,
      run_id,
    },
  ];
}
