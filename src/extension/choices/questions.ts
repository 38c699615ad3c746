import * as l10n from '@vscode/l10n';
import type { ClearedTask, TaskRun } from '../../api/people.ts';
import { wordsOf } from '../../words/states.ts';
import { age } from '../format.ts';
import { lookOf, runName, taskName } from '../tree/states.ts';

/** What a person is asked before something is lost. */
export interface Question {
  readonly text: string;
  readonly detail: string;
}

/** So many tasks are named. */
const mostNamed = 12;

export function killQuestion(run: TaskRun, now: number): Question {
  const { dag_id, run_id, try_number } = run.key;
  const facts = [
    runName(run_id, now),
    l10n.t('try {0}', try_number),
    lookOf(run).text,
    ...(run.agent === null ? [] : [run.agent]),
    ...(run.started === null ? [] : [age(now - run.started)]),
  ];
  return {
    text: l10n.t('Kill {0} of {1}?', taskName(run), dag_id),
    detail: [
      facts.join(' · '),
      run.launched !== null
        ? l10n.t(
            'What this try has done so far and not stored is lost. Airflow counts it as failed, and tries it again where the task has retries left.',
          )
        : l10n.t(
            'It has not begun. Airflow counts it as failed, and tries it again where the task has retries left.',
          ),
    ].join('\n\n'),
  };
}

/** `named`: the tasks (or the run) that the person chose; `planned`: all that would run again with it. */
export function clearQuestion(
  { named, dag_id, run_id }: { readonly named: string; readonly dag_id: string; readonly run_id: string },
  planned: readonly ClearedTask[],
  now: number,
): Question {
  const lines = planned.slice(0, mostNamed).map((task) => {
    const name = task.map_index < 0 ? task.task_id : `${task.task_id}[${task.map_index}]`;
    return `${name} (${wordsOf(task.state)?.word ?? task.state ?? ''})`;
  });
  if (planned.length > mostNamed) lines.push(l10n.t('… and {0} more', planned.length - mostNamed));
  const active = planned.filter(({ state }) => state === 'running' || state === 'queued').length;
  const ended =
    active === 1
      ? l10n.t('1 of them is not over, and is ended first.')
      : l10n.t('{0} of them are not over, and are ended first.', active);
  return {
    text:
      planned.length === 1
        ? l10n.t('Run 1 task again: {0}?', named)
        : l10n.t('Run {0} tasks again: {1} with what depends on it?', planned.length, named),
    detail: [
      l10n.t('Of {0}, {1}. The states that they have now are lost; logs stay.', dag_id, runName(run_id, now)),
      ...(active > 0 ? [ended] : []),
      lines.join('\n'),
    ].join('\n\n'),
  };
}
