import { setTimeout as delay } from 'node:timers/promises';
import type { DagRunView, TaskInstanceView } from '../api/people.ts';
import type { Phases } from '../engines/phases.ts';
import type { ClusterLink } from './cluster.ts';
import { CommandError } from './errors.ts';
import { exitCodes } from './exitCodes.ts';
import { followRun } from './followRun.ts';
import { lastText } from './logs/lastText.ts';
import { duration } from './output/durations.ts';
import type { Terminal } from './output/terminal.ts';
import { cut, oneLine } from './output/text.ts';
import { resultLines } from './views/run.ts';

/** How long a DAG file may take until Airflow has found and read it, in milliseconds. */
const foundLimitMs = 120_000;

/** Waits until Airflow knows the DAG. Throws where its file cannot be imported, or it does not come. */
export async function awaitDag(
  link: ClusterLink,
  dag: string,
  phases: Phases,
  signal: AbortSignal,
): Promise<void> {
  await phases.run('DAG', async (phase) => {
    phase.update(`waiting for Airflow to read ${dag}`);
    const limit = Date.now() + foundLimitMs;
    for (;;) {
      const [dags, errors] = await link.ask((client) =>
        Promise.all([client.dags({ signal }), client.importErrors({ signal })]),
      );
      if (dags.some(({ dag_id }) => dag_id === dag)) return { detail: dag, value: undefined };
      const [error] = errors.filter(({ file }) => file.includes(dag));
      if (error || Date.now() > limit) {
        throw new CommandError(exitCodes.notFound, `There is no DAG ${dag}`, {
          why: error
            ? `${error.file}${error.line === null ? '' : `, line ${error.line}`}: ${error.message}`
            : `Airflow found ${dags.map(({ dag_id }) => dag_id).join(', ') || 'none'}`,
          next: 'See what there is: mesos-airflow dags',
        });
      }
      await delay(300, undefined, { signal });
    }
  });
}

/** Runs a DAG, shows each task as it changes, what became of each, and the end of one's log. Returns the finished run. */
export async function runExample(
  link: ClusterLink,
  dag: string,
  out: Terminal,
  signal: AbortSignal,
): Promise<DagRunView> {
  const begun = Date.now();
  const started = await link.ask((client) => client.trigger(dag, {}, { signal }));
  out.line();
  const run = await followRun(link, started, out, signal);
  const took = duration(Date.now() - begun);
  out.line();
  for (const line of resultLines(run, out.colors)) out.line(line);
  const shown = taskToShow(run);
  if (shown) {
    out.line();
    await showEnd(link, shown, out, signal);
  }
  out.line();
  out.line(
    run.state === 'success'
      ? out.colors.green(`success in ${took}`)
      : out.colors.red(`${run.state} after ${took}`),
  );
  return run;
}

/** The one that failed, or the last one that ran. */
function taskToShow(run: DagRunView): TaskInstanceView | undefined {
  const ran = run.tasks.filter((task) => task.mesos_task_id !== null);
  const byEnd = [...ran].sort((a, b) => (b.ended ?? 0) - (a.ended ?? 0));
  return byEnd.find(({ state }) => state === 'failed') ?? byEnd[0];
}

/** What a task printed itself, in its log beside what Airflow says of it. */
const ownWords = / task\.std(out|err) +(\S.*)$/;

/** The last five lines of a task's log, its own words where it has any, and where they were read. */
async function showEnd(
  link: ClusterLink,
  task: TaskInstanceView,
  out: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const id = task.mesos_task_id;
  if (id === null) return;
  const { source } = await link.ask((client) => client.log(id, { length: 4 }));
  const all = (await lastText(link, id, 100, signal)).trimEnd().split('\n');
  const own = all.map((line) => ownWords.exec(line)?.[2]).filter((words) => words !== undefined);
  out.line(`${out.colors.bold(task.task_id)} ${out.colors.dim(`· ${source}`)}`);
  for (const line of (own.length > 0 ? own : all).slice(-5))
    out.line(`  ${cut(oneLine(line), out.columns() - 3)}`);
}
