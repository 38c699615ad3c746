import { Command, Option } from 'commander';
import { ClusterLink } from '../cluster.ts';
import { nameOption, withExamples, type MakeCommand, type NameOption } from '../command.ts';
import { numberIn } from '../options.ts';
import { showLog } from '../taskLog.ts';
import { findTask } from '../tasks.ts';

interface Options extends NameOption {
  readonly stderr?: true;
  readonly follow?: true;
  readonly tail?: number;
}

const tailRange = { least: 0, most: 1_000_000, whole: true, unit: 'lines', usual: 0 };

export const logs: MakeCommand = (context) =>
  withExamples(
    new Command('logs')
      .description("a task run's log, from its sandbox on the agent")
      .argument('<task>', 'a Mesos task id, its unique beginning, or DAG/RUN/TASK[/MAP_INDEX][/TRY]')
      .option('--stderr', 'standard error, not standard output')
      .option('-f, --follow', 'go on with what is written, until the task is over')
      .addOption(new Option('--tail <n>', 'the last n lines only').argParser(numberIn('--tail', tailRange)))
      .addOption(nameOption())
      .action(async (task: string, options: Options) => {
        const link = await ClusterLink.to(context, options.name);
        const run = await findTask(link.client, task);
        await showLog(link, run, options, context);
      }),
    [
      ['mesos-airflow logs my_dag/manual__1/load --follow', 'as it is written'],
      ['mesos-airflow logs 3f2a91 --stderr --tail 20', 'the last words of standard error'],
    ],
  );
