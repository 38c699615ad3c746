import { Command, type OutputConfiguration } from 'commander';
import type { Context } from './context.ts';
import { prepareDebug } from './commands/prepareDebug.ts';
import { commandTable } from './table.ts';

const intro = `Airflow on Mesos: real Airflow, its tasks on Mesos agents, in one step.`;

const start = `
Start here:
  mesos-airflow up                       a cluster on this machine; Ctrl-C ends it
  mesos-airflow up --dags ./dags         with your own DAGs
  mesos-airflow up --engine docker       the same in containers, with PostgreSQL
  mesos-airflow trigger my_dag --wait    run a DAG and see what became of it
  mesos-airflow logs my_dag/RUN/TASK     a task's log, from its sandbox

A TASK is a Mesos task id, a unique beginning of one, or DAG/RUN/TASK[/MAP_INDEX][/TRY].
Errors say what happened, why, and what to do. Exit status: 0 ok, 1 failed, 2 wrong usage, 3 no such
cluster, 4 no such task or DAG, 5 the run did not succeed, 6 this machine lacks something, 7 Docker cannot be
used, 130 interrupted.`;

/** The whole command line. Usage errors are thrown (CommanderError) after they were written. */
export function makeProgram(context: Context, version: string, output: OutputConfiguration): Command {
  const program = new Command('mesos-airflow')
    .description(intro)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', start)
    .showSuggestionAfterError()
    .configureOutput(output)
    .configureHelp({ styleTitle: (title) => context.out.colors.bold(title) })
    .exitOverride();
  for (const { group, commands } of commandTable) {
    for (const make of commands) {
      const command = make(context).copyInheritedSettings(program).helpGroup(group);
      for (const nested of command.commands) nested.copyInheritedSettings(command);
      program.addCommand(command);
    }
  }
  // For the editor alone.
  program.addCommand(prepareDebug(context).copyInheritedSettings(program), { hidden: true });
  return program;
}
