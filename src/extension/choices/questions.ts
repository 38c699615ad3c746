import type { ClearedTask, TaskRun } from '../../api/people.ts';
import { wordsOf } from '../../words/states.ts';
import { age, counted } from '../format.ts';
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
  const where = run.agent === null ? '' : ` on ${run.agent}`;
  const since = run.started === null ? '' : `, for ${age(now - run.started)}`;
  const begun = run.launched !== null;
  return {
    text: `Kill ${taskName(run)} of ${dag_id}?`,
    detail: [
      `${runName(run_id, now)} · try ${try_number} · ${lookOf(run).text}${where}${since}.`,
      begun
        ? 'What this try has done so far and not stored is lost. Airflow counts it as failed, and tries it again where the task has retries left.'
        : 'It has not begun. Airflow counts it as failed, and tries it again where the task has retries left.',
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
  if (planned.length > mostNamed) lines.push(`… and ${planned.length - mostNamed} more`);
  const active = planned.filter(({ state }) => state === 'running' || state === 'queued').length;
  const ended = active === 1 ? 'is not over, and is ended first' : 'are not over, and are ended first';
  return {
    text: `Run ${counted(planned.length, 'task')} again: ${named}${planned.length > 1 ? ' with what depends on it' : ''}?`,
    detail: [
      `Of ${dag_id}, ${runName(run_id, now)}. The states that they have now are lost; logs stay.`,
      ...(active > 0 ? [`${active} of them ${ended}.`] : []),
      lines.join('\n'),
    ].join('\n\n'),
  };
}
