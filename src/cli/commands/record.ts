import { Command, Option } from 'commander';
import {
  jsonOption,
  nameOption,
  withExamples,
  type JsonOption,
  type MakeCommand,
  type NameOption,
} from '../command.ts';
import type { Context } from '../context.ts';
import { count } from '../output/amounts.ts';
import { clock } from '../output/durations.ts';
import { print } from '../output/print.ts';
import { record as save, type Saved } from '../recording/record.ts';
import { sinceInstant } from '../times.ts';

interface Options extends NameOption, JsonOption {
  readonly since?: string;
  readonly output?: string;
  readonly maskNames?: true;
  readonly raw?: true;
}

export const record: MakeCommand = (context) =>
  withExamples(
    new Command('record')
      .description('save what happened in a cluster to a file that `replay` shows again, masked')
      .option('--since <time>', 'from when on: 1h, 30m, 14:02, 2026-11-23T14:02; without it all that is kept')
      .option('--output <file>', 'the file; without it one here, named by cluster and time')
      .addOption(
        new Option('--mask-names', 'mask names of DAGs, tasks, files and of the cluster too').conflicts(
          'raw',
        ),
      )
      .option('--raw', 'mask nothing: for yourself')
      .addOption(nameOption())
      .addOption(jsonOption())
      .action((options: Options) => run(options, context)),
    [
      ['mesos-airflow record --since 1h', 'the last hour, for a bug report'],
      ['mesos-airflow record --raw --output night.mesos-airflow.jsonl.gz', 'for a look of your own'],
    ],
  );

async function run(options: Options, context: Context): Promise<void> {
  const now = Date.now();
  const saved = await save(
    {
      name: options.name,
      since: options.since === undefined ? 0 : sinceInstant(options.since, now),
      output: options.output,
      mask: options.raw ? 'nothing' : options.maskNames ? 'names' : 'machines',
    },
    context,
    now,
  );
  print(context.out, options, saved, () => lines(saved));
}

function lines({ file, bytes, from, to, changes, masked }: Saved): string[] {
  const size =
    bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return [
    file,
    `${clock(from)} to ${clock(to)}, ${count(changes, 'change')}, ${size}`,
    masked.length === 0
      ? 'Nothing in it is masked: keep it to yourself.'
      : `Masked: ${masked.join(', ')}. ${namesLeft(masked)}Look through it before you pass it on (zcat).`,
    `Show it: mesos-airflow replay ${file}`,
  ];
}

function namesLeft(masked: readonly string[]): string {
  return masked.some((what) => what.includes('DAGs'))
    ? ''
    : 'Not masked: names of DAGs, tasks and files (--mask-names). ';
}
