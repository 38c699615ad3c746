import path from 'node:path';
import { Command, Option } from 'commander';
import type { Engine, UpRequest } from '../../engines/engine.ts';
import { checkName, ranges } from '../../engines/settings.ts';
import { nameOption, withExamples, type MakeCommand, type NameOption } from '../command.ts';
import type { Context } from '../context.ts';
import { embeddedEngine } from '../engine.ts';
import { exitCodes } from '../exitCodes.ts';
import { numberIn } from '../options.ts';
import { progressOption, withProgress, type ProgressOption } from '../progress.ts';
import { useCluster } from '../useCluster.ts';
import { version } from '../version.ts';

interface Options extends NameOption, ProgressOption {
  readonly engine: 'embedded';
  readonly agents?: number;
  readonly cpus?: number;
  readonly mem?: number;
  readonly dags?: string;
  readonly python?: string;
  readonly detach?: true;
  readonly run?: string;
  /** For scripts that know more of where they run, such as `npm start`. */
  readonly hint?: readonly string[];
}

export const up: MakeCommand = (context) =>
  withExamples(
    new Command('up')
      .description('start a cluster with Mesos and Airflow on this machine, and stay until Ctrl-C ends it')
      .addOption(
        new Option(
          '--engine <engine>',
          'what it consists of; embedded: processes of yours, no Docker, no root',
        )
          .choices(['embedded'])
          .default('embedded'),
      )
      .addOption(numberOption('--agents <n>', 'how many Mesos agents', 'agents'))
      .addOption(numberOption('--cpus <n>', 'cores of each agent', 'cpus'))
      .addOption(numberOption('--mem <mb>', 'memory of each agent, in megabytes', 'mem'))
      .option('--dags <dir>', 'your DAG files; without it ./dags, or the examples')
      .option('--python <exe>', 'the Python to build on (3.11 to 3.13); without it one is looked for')
      .option('-d, --detach', 'leave it running and return')
      .option('--run <dag>', 'then run this DAG and show what became of it')
      .addOption(new Option('--hint <line...>', 'lines to print below the addresses').hideHelp())
      .addOption(nameOption())
      .addOption(progressOption())
      .action((options: Options) => bringUp(options, context)),
    [
      ['mesos-airflow up', 'with ./dags, or the examples; Ctrl-C ends it'],
      ['mesos-airflow up --dags ~/project/dags --detach', 'stays up; end it with mesos-airflow down'],
      ['mesos-airflow up --agents 4 --cpus 2 --mem 2048', 'four agents with 2 cores and 2 GB each'],
      ['mesos-airflow up --name test --dags ./test-dags', 'a second cluster beside the first'],
    ],
  );

function numberOption(flags: string, description: string, setting: 'agents' | 'cpus' | 'mem'): Option {
  const range = ranges[setting];
  const option = flags.split(' ')[0] ?? flags;
  return new Option(flags, `${description} (${range.usual}, or as before)`).argParser(
    numberIn(option, range),
  );
}

async function bringUp(options: Options, context: Context): Promise<void> {
  const name = checkName(options.name);
  const engine = embeddedEngine(context);
  const { interrupts, out } = context;
  const json = options.progress === 'json';
  interrupts.guard({ force: () => engine.kill(name) });
  if (!json) out.line(`Mesos Airflow ${version} · ${engine.name} · ${name}\n`);

  const { cluster, joined } = await withProgress(context, options, (watch) =>
    engine.up(requestOf(name, options, context), watch),
  );
  // A cluster that ran before this command goes on after it.
  const leaves = joined || options.detach === true;
  try {
    await useCluster(cluster, { ...options, joined, leaves }, context);
  } catch (error) {
    if (!interrupts.signal.aborted) throw error;
    context.endWith(exitCodes.interrupted);
  } finally {
    if (!leaves) await end(engine, name, options, context);
  }
}

function requestOf(name: string, options: Options, context: Context): UpRequest {
  const { agents, cpus, mem, dags, python } = options;
  return {
    name,
    settings: {
      ...(agents === undefined ? {} : { agents }),
      ...(cpus === undefined ? {} : { cpus }),
      ...(mem === undefined ? {} : { mem }),
      ...(dags === undefined ? {} : { dagsFolder: path.resolve(context.cwd, dags) }),
    },
    workspace: context.cwd,
    ...(python === undefined ? {} : { python }),
  };
}

/** Ends what this command started; its error does not hide one that came before. */
async function end(engine: Engine, name: string, options: Options, context: Context): Promise<void> {
  if (options.progress !== 'json') context.out.line();
  // The signal that interrupted the command must not interrupt this.
  const signal = new AbortController().signal;
  await withProgress(context, options, async (watch) => {
    const ran = await engine.down(name, { ...watch, signal });
    if (options.progress === 'json') context.out.line(JSON.stringify({ type: 'stopped', name, ran }));
  });
}
