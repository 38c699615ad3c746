import { Command, Option } from 'commander';
import type { RecordingView } from '../../api/people.ts';
import { connect, findCluster } from '../../client/discover.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { checkName } from '../../engines/settings.ts';
import { messageOf } from '../../host/errors.ts';
import { withExamples, type MakeCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { numberIn } from '../options.ts';
import { clock } from '../output/durations.ts';
import { LiveArea } from '../output/liveArea.ts';
import { progressOption, withProgress, type ProgressOption } from '../progress.ts';
import { askedByKey, keysHelp } from '../recording/keys.ts';
import { serveRecording, type Served } from '../recording/serve.ts';
import { instantIn } from '../times.ts';
import { recordingText } from '../../words/recording.ts';

interface Options extends ProgressOption {
  readonly name: string;
  readonly speed: number;
  readonly at?: string;
  readonly paused?: true;
}

const speedRange = { least: 0.1, most: 1000, whole: false, unit: 'times as fast', usual: 1 };

export const replay: MakeCommand = (context) =>
  withExamples(
    new Command('replay')
      .description(
        'show a recording as if it were a cluster, until Ctrl-C: in the editor and to all commands',
      )
      .argument('<file>', 'what `record` saved')
      .addOption(
        new Option('--speed <n>', 'how many times as fast')
          .default(1)
          .argParser(numberIn('--speed', speedRange)),
      )
      .option('--at <time>', 'where to begin: 14:02:11, +5m (behind the beginning), 2026-11-23T14:02:11')
      .option('--paused', 'stand still at first')
      .addOption(new Option('-n, --name <name>', 'under which name it is shown').default('replay'))
      .addOption(progressOption())
      .action((file: string, options: Options) => run(file, options, context)),
    [
      ['mesos-airflow replay night.mesos-airflow.jsonl.gz --speed 4', 'four times as fast'],
      ['mesos-airflow status --name replay', 'at its time, from another terminal'],
    ],
  );

async function run(file: string, options: Options, context: Context): Promise<void> {
  const name = checkName(options.name);
  const { interrupts, out } = context;
  await withProgress(context, options, async (_watch, say) => {
    const served = await serveRecording(file, { name, speed: options.speed }, context);
    // However this process ends, the other one notices.
    interrupts.guard({ force: () => Promise.resolve() });
    try {
      const client = await clientOf(name, context);
      const view = await client.controlRecording({
        ...(options.at === undefined ? {} : { at: instantIn(options.at, served.from) }),
        ...(options.paused ? { paused: true } : {}),
      });
      say({ ...served, ...view, type: 'serving' }, ...servedLines(served));
      if (context.canAsk && out.interactive && options.progress !== 'json')
        await withKeys(client, served, context);
      else await Promise.race([served.ended, aborted(interrupts.signal)]);
    } finally {
      served.stop();
      await served.ended;
    }
  });
}

async function clientOf(name: string, { folders, interrupts }: Context): Promise<ServiceClient> {
  const found = await findCluster(name, folders);
  if (!found) throw new Error(`${name} is served and has no folder`);
  return (await connect(found, interrupts.signal)).client;
}

function servedLines({ name, cluster, from, to, cut_off }: Served): string[] {
  return [
    `${cluster}, recorded from ${clock(from)} to ${clock(to)}, is shown as “${name}”.`,
    ...(cut_off ? ['The file is cut off or damaged: it is shown as far as it goes.'] : []),
    `Look at it: in the editor (Choose Cluster), mesos-airflow status --name ${name}. Ctrl-C ends it.`,
  ];
}

/** Takes the terminal's keys and shows the time, until the end. */
async function withKeys(client: ServiceClient, { ended }: Served, context: Context): Promise<void> {
  const { signal } = context.interrupts;
  const area = new LiveArea(context.out);
  const over = new AbortController();
  const { stdin } = process;
  let view: RecordingView | undefined;
  let problem = '';
  const draw = (): void => {
    if (view) area.draw([recordingText(view, clock), context.out.colors.dim(problem || keysHelp)]);
  };
  const onKey = (bytes: Buffer): void => {
    const asked = view && askedByKey(bytes.toString('utf8'), view);
    if (asked === 'end') over.abort();
    else if (asked) {
      client.controlRecording(asked).then(
        (now) => {
          view = now;
          draw();
        },
        (error: unknown) => {
          problem = messageOf(error);
          draw();
        },
      );
    }
  };
  stdin.setRawMode(true);
  stdin.on('data', onKey).resume();
  const all = AbortSignal.any([signal, over.signal]);
  void ended.then(() => over.abort());
  try {
    for await (const event of client.events({ signal: all, topics: ['cluster'] })) {
      const cluster = event.type === 'cluster' || event.type === 'snapshot' ? event.cluster : undefined;
      view = cluster?.recording ?? view;
      draw();
    }
  } finally {
    stdin.off('data', onKey).pause();
    stdin.setRawMode(false);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
