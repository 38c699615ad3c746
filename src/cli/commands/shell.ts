import { Command } from 'commander';
import type { TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { stateOfRun, wordsOf } from '../../words/states.ts';
import { connect } from '../cluster.ts';
import { nameOption, withExamples, type MakeCommand, type NameOption } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { oneLine } from '../output/text.ts';
import { converse, terminalOf, type ShellStreams } from '../shell/converse.ts';
import { findTask } from '../tasks.ts';
import { referenceTo, taskName } from '../taskReference.ts';

export const shell: MakeCommand = (context) =>
  withExamples(
    new Command('shell')
      .description(
        'a shell, or a command, in the sandbox of a running task, on its agent; ends with the task',
      )
      .argument('<task>', 'a Mesos task id, its unique beginning, or DAG/RUN/TASK[/MAP_INDEX][/TRY]')
      .argument('[command...]', 'a program and its arguments, behind --; without it your shell')
      .addOption(nameOption())
      .action((task: string, command: readonly string[], options: NameOption) =>
        run(task, command, options, context),
      ),
    [
      ['mesos-airflow shell my_dag/manual__1/load', 'your shell beside the task'],
      ['mesos-airflow shell 3f2a91 -- ls -la', 'one command; its exit status is that of this one'],
      ['mesos-airflow shell 3f2a91 -- sh -c "cat > rows.csv" < rows.csv', 'with input from a file'],
    ],
  );

async function run(
  task: string,
  command: readonly string[],
  { name }: NameOption,
  context: Context,
): Promise<void> {
  const { signal } = context.interrupts;
  const client = await connect(context, name);
  const found = await findTask(client, task);
  if (found.state !== 'running') throw notRunning(found);
  const streams: ShellStreams = { input: process.stdin, output: process.stdout, errors: process.stderr };
  const terminal = terminalOf(streams);
  const session = await client.openSession(found.id, {
    tty: terminal !== undefined,
    ...terminal,
    ...(command.length === 0 ? {} : { command }),
    client: 'mesos-airflow shell',
    signal,
  });
  // At a terminal Ctrl-C is the shell's; any other end ends the session, which gives the terminal back.
  context.interrupts.guard({ force: () => Promise.resolve() });
  const exit = await converse(session, streams, terminal !== undefined);
  context.endWith(exit.status);
  if (exit.why !== undefined) context.err.line(await lastWord(client, found, exit.why));
}

function notRunning(run: TaskRun): CommandError {
  const state = stateOfRun(run);
  const word = wordsOf(state)?.word ?? state;
  const reference = referenceTo(run);
  return run.ended === null
    ? new CommandError(exitCodes.failed, `${taskName(run)} does not run yet: it is ${word}`, {
        ...(run.waits === null ? {} : { why: run.waits }),
        next: `Look again: mesos-airflow tasks --dag ${run.key.dag_id}`,
      })
    : new CommandError(exitCodes.failed, `${taskName(run)} has ended: ${word}`, {
        why: 'a shell runs beside its task, and ends with it',
        next: `What it left: mesos-airflow sandbox ls ${reference}, mesos-airflow logs ${reference}`,
      });
}

/** Why the shell ended that nobody left, and what became of its task where that is why. */
async function lastWord(client: ServiceClient, { id }: TaskRun, why: string): Promise<string> {
  const said = `The shell ended: ${oneLine(why)}`;
  try {
    const run = await client.task(id);
    if (run.ended === null) return said;
    const state = stateOfRun(run);
    return `${said} (${taskName(run)}: ${wordsOf(state)?.word ?? state})`;
  } catch {
    // The service has gone too: what is known is said.
    return said;
  }
}
