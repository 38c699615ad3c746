import { setTimeout as delay } from 'node:timers/promises';
import { airflowLog } from '../../api/logs.ts';
import type { TaskRun } from '../../api/people.ts';
import { ServiceProblem } from '../../client/errors.ts';
import { stateOfRun } from '../../words/states.ts';
import type { ClusterLink } from '../cluster.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { lookOf } from '../output/states.ts';
import { referenceTo } from '../taskReference.ts';
import { took } from '../views/tasks.ts';
import type { LogRequest } from './request.ts';
import { showFile } from './showFile.ts';
import { tellOn, type Tell } from './tell.ts';
import { mayBeTriedAgain, triesOf, type Launch } from './tries.ts';

/** Between looks for the next try, and for Airflow's word for a task that has ended. Milliseconds. */
const lookMs = 1000;
const outcomeLooks = 5;

/** Prints what is asked for of a task run's log as it stands, or with `follow` until the task is over. */
export async function showLog(
  link: ClusterLink,
  run: TaskRun,
  request: LogRequest,
  context: Context,
): Promise<void> {
  const { follow, allTries, files } = request;
  if (run.mesos_task_id === null && !follow && !allTries) {
    throw new CommandError(exitCodes.failed, `${run.key.task_id} has no log yet`, {
      why: run.waits ?? 'it has not been started on an agent',
      next: 'Wait for it: mesos-airflow logs TASK --follow',
    });
  }
  const tell = tellOn(context, request);
  // A terminal is left without colours also where Ctrl-C ends it.
  if (context.out.isTerminal) context.interrupts.guard({ force: () => Promise.resolve() });
  if (allTries) return showTries(link, run, request, context, tell);
  if (run.mesos_task_id === null) tell(`Waiting: ${run.waits ?? 'for an agent'}`);
  else await checkFiles(link, run, request, tell);
  const of = { id: run.id, try_number: run.key.try_number };
  const { isThere, isGone } = await showFile(link, of, request, context, tell);
  if (!isThere && isGone) {
    throw new CommandError(exitCodes.failed, `There is no log of ${run.key.task_id} any more`, {
      why: 'Mesos removes old sandboxes after a while, and nothing was kept of this one',
      next: `See whether Airflow has one: mesos-airflow open airflow`,
    });
  }
  if (!isThere && !follow) tell(`Nothing has been written to ${files.join(', ')}.`);
  if (follow && context.err.interactive) await tellOutcome(link, run, context, tell);
}

/** A path that a person mistyped is no empty log. */
async function checkFiles(
  link: ClusterLink,
  run: TaskRun,
  { files, follow }: LogRequest,
  tell: Tell,
): Promise<void> {
  const usual: readonly string[] = ['stdout', 'stderr', airflowLog];
  for (const file of files.filter((each) => !usual.includes(each))) {
    try {
      await link.ask((client) => client.log(run.id, { file, length: 4 }));
    } catch (error) {
      if (!(error instanceof ServiceProblem) || error.status !== 404) throw error;
      if (follow && run.ended === null) {
        tell(`There is no ${file} yet; it is waited for.`);
        return;
      }
      throw new CommandError(exitCodes.notFound, error.message, {
        ...(error.why === undefined ? {} : { why: error.why }),
        next: `See what there is: mesos-airflow sandbox ls ${referenceTo(run)}`,
      });
    }
  }
}

/** Each launch of each try, under a line that says which it is; with `follow` also those that come. */
async function showTries(
  link: ClusterLink,
  run: TaskRun,
  request: LogRequest,
  context: Context,
  tell: Tell,
): Promise<void> {
  const { signal } = context.interrupts;
  const shown = new Set<string>();
  for (;;) {
    const { launches, newest } = await link.ask((client) => triesOf(client, run));
    const next = launches.filter(({ id }) => !shown.has(id));
    for (const launch of next) {
      shown.add(launch.id);
      await showTry(link, launch, request, context, tell);
    }
    if (shown.size === 0 && !request.follow) tell(`${run.key.task_id} has not been on an agent yet.`);
    if (!request.follow || (next.length === 0 && !mayBeTriedAgain(newest))) return;
    if (next.length === 0) await delay(lookMs, undefined, { signal });
  }
}

async function showTry(
  link: ClusterLink,
  { id, try_number, heading }: Launch,
  request: LogRequest,
  context: Context,
  tell: Tell,
): Promise<void> {
  const { out, interrupts } = context;
  if (!request.json) out.line(out.colors.bold(`── ${heading} ──`));
  try {
    const { isThere, isGone } = await showFile(link, { id, try_number }, request, context, tell);
    if (!isThere && isGone) tell('Nothing was kept of it.');
  } catch (error) {
    // The others are worth having, such as those on agents that are there.
    if (interrupts.signal.aborted || !isOfOneTry(error)) throw error;
    tell(`${error.message}: ${error.why ?? ''}`);
    context.endWith(exitCodes.failed);
  }
}

function isOfOneTry(error: unknown): error is CommandError | ServiceProblem {
  const isAway = error instanceof CommandError && error.exitCode === exitCodes.failed;
  return isAway || (error instanceof ServiceProblem && error.status === 404);
}

/** How the task ended, for whoever looked on. */
async function tellOutcome(link: ClusterLink, { id }: TaskRun, context: Context, tell: Tell): Promise<void> {
  const { signal } = context.interrupts;
  for (let looks = 1; ; looks += 1) {
    const run = await link.ask((client) => client.task(id, { signal }));
    const isVague = run.state === 'finished' && run.airflow_state === null;
    if (!isVague || looks === outcomeLooks) {
      const after = took(run);
      const why = run.state === 'finished' || run.info === '' ? '' : `: ${run.info}`;
      tell(`ended: ${lookOf(stateOfRun(run)).word}${after === '' ? '' : ` after ${after}`}${why}`);
      return;
    }
    await delay(lookMs, undefined, { signal });
  }
}
