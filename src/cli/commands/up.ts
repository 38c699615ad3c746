import path from 'node:path';
import { Command, Option } from 'commander';
import type { Engine, UpRequest } from '../../engines/engine.ts';
import { checkName, ranges } from '../../engines/settings.ts';
import { nameOption, withExamples, type MakeCommand, type NameOption } from '../command.ts';
import type { Context } from '../context.ts';
import {
  addDockerOptions,
  badVariable,
  dockerSettings,
  givenDockerOptions,
  type ReadOptions,
} from '../dockerOptions.ts';
import { engineChoices, engineForUp, type EngineChoice, type EngineForUp } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { numberIn } from '../options.ts';
import { progressOption, withProgress, type ProgressOption } from '../progress.ts';
import { secretOption, type SecretReferences } from '../secretOption.ts';
import { useCluster } from '../useCluster.ts';
import { version } from '../version.ts';

interface Options extends NameOption, ProgressOption {
  readonly engine?: EngineChoice;
  readonly agents?: number;
  readonly cpus?: number;
  readonly mem?: number;
  readonly dags?: string;
  readonly python?: string;
  readonly secret?: SecretReferences;
  /** False: none, and those of last time are forgotten. */
  readonly secrets?: boolean;
  /** Seconds; 0: never. */
  readonly idleStop?: number;
  readonly detach?: true;
  readonly run?: string;
  /** For scripts that know more of where they run, such as `npm start`. */
  readonly hint?: readonly string[];
}

export const up: MakeCommand = (context) => {
  const command = new Command('up')
    .description('start a cluster with Mesos and Airflow on this machine, and stay until Ctrl-C ends it')
    .addOption(
      new Option(
        '--engine <engine>',
        'embedded: processes of yours, no Docker, no root; docker: containers; auto: containers where Docker answers. A cluster keeps its engine; a new one is embedded where nothing is said',
      ).choices(engineChoices),
    )
    .addOption(numberOption('--agents <n>', 'how many Mesos agents', 'agents'))
    .addOption(numberOption('--cpus <n>', 'cores of each agent', 'cpus'))
    .addOption(numberOption('--mem <mb>', 'memory of each agent, in megabytes', 'mem'))
    .option('--dags <dir>', 'your DAG files; without it ./dags, or the examples')
    .option('--python <exe>', 'embedded: the Python to build on (3.11 to 3.13); without it one is looked for')
    .addOption(secretOption())
    .option('--no-secrets', 'forget the secrets of last time')
    .addOption(
      new Option(
        '--idle-stop <minutes>',
        `embedded: end it by itself once nobody has looked and nothing has run for so long; or never (${ranges.idleStop.usual}, or as before)`,
      ).argParser(idleStop),
    )
    .option('-d, --detach', 'leave it running and return')
    .option('--run <dag>', 'then run this DAG and show what became of it')
    .addOption(new Option('--hint <line...>', 'lines to print below the addresses').hideHelp())
    .addOption(nameOption())
    .addOption(progressOption());
  addDockerOptions(command)
    .addHelpText(
      'after',
      '\n--engine and the options of Docker are variables too: --mesos-preset is MESOS_AIRFLOW_MESOS_PRESET.',
    )
    .action((options: Options & ReadOptions) => bringUp(options, context));
  return withExamples(command, [
    ['mesos-airflow up', 'with ./dags, or the examples; Ctrl-C ends it'],
    ['mesos-airflow up --dags ~/project/dags --detach', 'stays up; end it with mesos-airflow down'],
    ['mesos-airflow up --agents 4 --cpus 2 --mem 2048', 'four agents with 2 cores and 2 GB each'],
    ['mesos-airflow up --name test --dags ./test-dags', 'a second cluster beside the first'],
    ['mesos-airflow up --engine docker --name box', 'in containers; its images are built the first time'],
  ]);
};

function numberOption(flags: string, description: string, setting: 'agents' | 'cpus' | 'mem'): Option {
  const range = ranges[setting];
  const option = flags.split(' ')[0] ?? flags;
  return new Option(flags, `${description} (${range.usual}, or as before)`).argParser(
    numberIn(option, range),
  );
}

function idleStop(text: string): number {
  return text === 'never' ? 0 : numberIn('--idle-stop', ranges.idleStop)(text) * 60;
}

async function bringUp(options: Options & ReadOptions, context: Context): Promise<void> {
  const name = checkName(options.name);
  const { interrupts } = context;
  const { engine, why } = await withProgress(context, options, () => chooseEngine(name, options, context));
  // An editor's window that is reloaded does not read on: what it began is for the next one.
  interrupts.guard({ force: () => engine.kill(name), needsNoReader: options.detach === true });
  tellEngine({ engine, ...(why === undefined ? {} : { why }) }, name, options, context);

  const { cluster, joined } = await withProgress(context, options, (watch) => {
    refuseForeignOptions(engine, name, options);
    return engine.up(requestOf(engine, name, options, context), watch);
  });
  // A cluster that ran before this command goes on after it.
  const leaves = joined || options.detach === true;
  try {
    await useCluster(engine, cluster, { ...options, joined, leaves }, context);
  } catch (error) {
    if (!interrupts.signal.aborted) throw error;
    context.endWith(exitCodes.interrupted);
  } finally {
    if (!leaves) await end(engine, name, options, context);
  }
}

async function chooseEngine(name: string, options: Options, context: Context): Promise<EngineForUp> {
  const variable = context.env.MESOS_AIRFLOW_ENGINE;
  const byVariable = engineChoices.find((choice) => choice === variable);
  if (variable && !byVariable) throw badVariable('MESOS_AIRFLOW_ENGINE', variable, engineChoices);
  return engineForUp(context, name, {
    choice: options.engine ?? byVariable ?? 'embedded',
    explicit: options.engine !== undefined,
  });
}

function tellEngine(
  { engine, why }: EngineForUp,
  name: string,
  { progress }: Options,
  { out }: Context,
): void {
  if (progress !== 'json') {
    out.line(`Mesos Airflow ${version} · ${engine.name} · ${name}`);
    if (why !== undefined) out.line(`Engine: ${engine.name}. ${why}`);
    out.line();
  } else if (why !== undefined) {
    out.line(JSON.stringify({ type: 'engine', engine: engine.name, why }));
  }
}

/**
 * An option that would do nothing is refused: whoever gave it counts on it. With `auto` Docker's are for the case that it
 * is Docker.
 */
function refuseForeignOptions(engine: Engine, name: string, options: Options & ReadOptions): void {
  if (engine.name === 'docker' && options.python !== undefined) {
    throw new CommandError(exitCodes.usage, '--python is for embedded clusters', {
      why: `${name} is one in Docker, where Airflow's image has its Python`,
      next: 'Leave it out; --python-image says what the image is built on.',
    });
  }
  if (engine.name === 'docker' && options.idleStop !== undefined && options.engine !== 'auto') {
    throw new CommandError(exitCodes.usage, '--idle-stop is for embedded clusters', {
      why: `${name} is one in Docker, which keeps its containers running until they are stopped`,
      next: 'Leave it out; mesos-airflow down stops them.',
    });
  }
  const given = engine.name === 'embedded' && options.engine !== 'auto' ? givenDockerOptions(options) : [];
  if (given.length === 0) return;
  const [are, them] = given.length > 1 ? ['are', 'them'] : ['is', 'it'];
  throw new CommandError(exitCodes.usage, `${given.join(', ')} ${are} for clusters in Docker`, {
    why: `${name} is an embedded one`,
    next: `Leave ${them} out, or start a cluster in Docker: mesos-airflow up --engine docker --name NAME`,
  });
}

function requestOf(
  engine: Engine,
  name: string,
  options: Options & ReadOptions,
  context: Context,
): UpRequest {
  const { agents, cpus, mem, dags, idleStop, python } = options;
  return {
    name,
    settings: {
      ...(agents === undefined ? {} : { agents }),
      ...(cpus === undefined ? {} : { cpus }),
      ...(mem === undefined ? {} : { mem }),
      ...(dags === undefined ? {} : { dagsFolder: path.resolve(context.cwd, dags) }),
      ...(idleStop === undefined ? {} : { idleStop }),
      ...secretsAsked(options),
      ...(engine.name === 'docker' ? dockerSettings(options, context.env) : {}),
    },
    workspace: context.cwd,
    ...(python === undefined ? {} : { python }),
  };
}

function secretsAsked({ secret, secrets }: Options): Pick<UpRequest['settings'], 'secrets'> {
  if (secret) return { secrets: secret };
  return secrets === false ? { secrets: {} } : {};
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
