import { Option, type Command } from 'commander';
import * as z from 'zod/mini';
import { baseImages, distributions, type DockerSettings } from '../engines/docker/settings.ts';
import { CommandError } from './errors.ts';
import { exitCodes } from './exitCodes.ts';

const image = z.exactOptional(z.string());

/** The settings that only a cluster in Docker has. */
const settingsSchema = z.object({
  distribution: z.exactOptional(z.enum(distributions)),
  mesosPreset: z.exactOptional(z.string()),
  masterImage: image,
  agentImage: image,
  platform: z.exactOptional(z.enum(['linux/amd64', 'linux/arm64'])),
  airflowImage: image,
  pythonImage: image,
  nodeImage: image,
  databaseImage: image,
  tasks: z.exactOptional(z.enum(['agent', 'container'])),
  buildNetwork: z.exactOptional(z.string()),
  keepOnFailure: z.exactOptional(z.boolean()),
});
type Setting = keyof z.infer<typeof settingsSchema>;

interface DockerOption {
  readonly setting: Setting;
  /** `--mesos-preset`; as a variable MESOS_AIRFLOW_MESOS_PRESET. */
  readonly long: string;
  /** Without it the option is a switch. */
  readonly value?: string;
  readonly what: string;
}

const table: readonly DockerOption[] = [
  {
    setting: 'distribution',
    long: '--mesos',
    value: '<which>',
    what: "whose Mesos: Apache's images, our own (dev), or Apache's where this Docker can run them (auto)",
  },
  {
    setting: 'mesosPreset',
    long: '--mesos-preset',
    value: '<name>',
    what: "which of Apache's images and commands",
  },
  {
    setting: 'masterImage',
    long: '--mesos-master-image',
    value: '<image>',
    what: "in place of the preset's",
  },
  { setting: 'agentImage', long: '--mesos-agent-image', value: '<image>', what: "in place of the preset's" },
  {
    setting: 'platform',
    long: '--platform',
    value: '<platform>',
    what: "of the images; without it Docker's own",
  },
  {
    setting: 'airflowImage',
    long: '--airflow-image',
    value: '<image>',
    what: 'an image of your own with Airflow in it; without it one is built',
  },
  {
    setting: 'pythonImage',
    long: '--python-image',
    value: '<image>',
    what: `what Airflow's image is built on (${baseImages.python})`,
  },
  {
    setting: 'nodeImage',
    long: '--node-image',
    value: '<image>',
    what: `what the service runs on (${baseImages.node})`,
  },
  {
    setting: 'databaseImage',
    long: '--database-image',
    value: '<image>',
    what: `PostgreSQL (${baseImages.database})`,
  },
  {
    setting: 'tasks',
    long: '--tasks',
    value: '<where>',
    what: "where tasks run: in the agent's container, or each in a container of its own, which gives the agents Docker's socket",
  },
  {
    setting: 'buildNetwork',
    long: '--build-network',
    value: '<network>',
    what: 'the network of image builds, such as host',
  },
  {
    setting: 'keepOnFailure',
    long: '--keep-on-failure',
    what: 'a start that fails leaves what it made, for a look at it',
  },
];

/** Adds the options to `up`, as a group of its help. */
export function addDockerOptions(command: Command): Command {
  for (const { setting, long, value, what } of table) {
    const option = new Option(value ? `${long} ${value}` : long, what).helpGroup(
      'In Docker (--engine docker):',
    );
    const choices = choicesOf(setting);
    command.addOption(choices ? option.choices(choices) : option);
  }
  return command;
}

function choicesOf(setting: Setting): readonly string[] | undefined {
  const { innerType } = settingsSchema.shape[setting]._zod.def;
  return innerType instanceof z.ZodMiniEnum ? innerType.options : undefined;
}

/** What commander read, by the names that it gives to options (`mesosPreset`). */
export type ReadOptions = Readonly<Record<string, unknown>>;

/** Those of Docker's options that stand on the command line. */
export function givenDockerOptions(options: ReadOptions): string[] {
  return table.filter(({ long }) => options[attributeOf(long)] !== undefined).map(({ long }) => long);
}

/** Docker's settings from the options, and from variables where an option was left out. Throws CommandError (2). */
export function dockerSettings(options: ReadOptions, env: NodeJS.ProcessEnv): DockerSettings {
  const read: Record<string, unknown> = {};
  for (const { setting, long, value } of table) {
    const given = options[attributeOf(long)];
    const variable = env[variableOf(long)];
    if (given !== undefined) read[setting] = given;
    else if (variable) read[setting] = value ? variable : switchIn(variableOf(long), variable);
  }
  const result = settingsSchema.safeParse(read);
  if (result.success) return result.data;
  const setting = result.error.issues[0]?.path[0];
  const wrong = table.find((entry) => entry.setting === setting);
  throw badVariable(
    wrong ? variableOf(wrong.long) : 'A variable',
    String(setting === undefined ? '' : read[String(setting)]),
    wrong ? (choicesOf(wrong.setting) ?? []) : [],
  );
}

function switchIn(variable: string, text: string): boolean {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw badVariable(variable, text, ['1', '0']);
}

export function badVariable(variable: string, text: string, choices: readonly string[]): CommandError {
  return new CommandError(exitCodes.usage, `${variable} cannot be ${text}`, {
    why: `it must be one of ${choices.join(', ')}`,
    next: `Change it, or unset it: unset ${variable}`,
  });
}

/** `MESOS_AIRFLOW_MESOS_PRESET` of `--mesos-preset`. */
function variableOf(long: string): string {
  return `MESOS_AIRFLOW_${long.slice(2).replaceAll('-', '_').toUpperCase()}`;
}

/** `mesosPreset` of `--mesos-preset`, as commander calls it. */
function attributeOf(long: string): string {
  return long.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
