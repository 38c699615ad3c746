import { Command, Option } from 'commander';
import { requestState, type RequestState } from '../../api/airflow.ts';
import { connect } from '../cluster.ts';
import {
  jsonOption,
  nameOption,
  withExamples,
  type JsonOption,
  type MakeCommand,
  type NameOption,
} from '../command.ts';
import { numberIn } from '../options.ts';
import { print } from '../output/print.ts';
import { taskLines } from '../views/tasks.ts';

interface Options extends NameOption, JsonOption {
  readonly dag?: string;
  readonly run?: string;
  readonly state?: RequestState;
  readonly limit: number;
}

export const tasks: MakeCommand = (context) =>
  withExamples(
    new Command('tasks')
      .description('task runs, newest first: where each ran, how long, why it waits')
      .option('--dag <dag>', 'only of this DAG')
      .option('--run <run>', 'only of this run')
      .addOption(new Option('--state <state>', 'only in this state').choices(requestState.options))
      .addOption(
        new Option('--limit <n>', 'at most so many')
          .default(50)
          .argParser(
            numberIn('--limit', { least: 1, most: 1000, whole: true, unit: 'task runs', usual: 50 }),
          ),
      )
      .addOption(nameOption())
      .addOption(jsonOption())
      .action(async (options: Options) => {
        const client = await connect(context, options.name);
        const runs = await client.tasks({
          ...(options.dag === undefined ? {} : { dag_id: options.dag }),
          ...(options.run === undefined ? {} : { run_id: options.run }),
          ...(options.state === undefined ? {} : { states: [options.state] }),
          limit: options.limit,
        });
        print(context.out, options, runs, () => taskLines(runs, context.out.colors));
      }),
    [
      ['mesos-airflow tasks --state running', 'what runs now'],
      ['mesos-airflow tasks --dag weather_report', 'what ran of one DAG'],
    ],
  );
