import { Command, Option } from 'commander';
import { findCluster } from '../../client/discover.ts';
import { checkName, type Range } from '../../engines/settings.ts';
import { nameOption, withExamples, type MakeCommand, type NameOption } from '../command.ts';
import type { Context } from '../context.ts';
import { engineOf } from '../engine.ts';
import { forName } from '../names.ts';
import { numberIn } from '../options.ts';
import { count } from '../output/amounts.ts';
import { endRecording } from '../recording/end.ts';
import { progressOption, withProgress, type ProgressOption, type Say } from '../progress.ts';
import { clientsAfter } from '../unused.ts';

interface Options extends NameOption, ProgressOption {
  readonly unlessUsed?: number;
}

const waiting: Range = { least: 0, most: 3600, whole: false, unit: 'seconds', usual: 20 };

export const down: MakeCommand = (context) =>
  withExamples(
    new Command('down')
      .description('end a cluster: all of its processes or containers; what it has stored stays')
      .addOption(nameOption())
      .addOption(
        new Option(
          '--unless-used <seconds>',
          'wait so long, and leave it up where somebody still follows it then, or comes: an editor, a command',
        ).argParser(numberIn('--unless-used', waiting)),
      )
      .addOption(progressOption())
      .action((options: Options) => run(options, context)),
    [
      ['mesos-airflow down', 'ends it now, with all that runs on it'],
      ['mesos-airflow down --unless-used 20', 'what an editor leaves behind when its last window is closed'],
    ],
  );

async function run(options: Options, context: Context): Promise<void> {
  const name = checkName(options.name);
  await withProgress(context, options, async (watch, say) => {
    if (await endRecording(name, context)) {
      say({ type: 'stopped', name, ran: true }, `The recording ${name} is closed.`);
      return;
    }
    const engine = await engineOf(context, name);
    if (options.unlessUsed !== undefined && (await isKept(options.unlessUsed, name, context, say))) return;
    const ran = await engine.down(name, watch);
    say(
      { type: 'stopped', name, ran },
      ran
        ? `${name} has ended. Start it again: mesos-airflow up${forName(name)}`
        : `${name} was not running.`,
    );
  });
}

async function isKept(seconds: number, name: string, context: Context, say: Say): Promise<boolean> {
  const started = await startOf(name, context);
  const clients = await clientsAfter(context, name, seconds);
  if (clients > 0) {
    say({ type: 'kept', name, clients }, `${name} is left up: ${count(clients, 'client')} follow it.`);
    return true;
  }
  if (started !== undefined && (await startOf(name, context)) !== started) {
    // Somebody ended and started it meanwhile: it is theirs.
    say({ type: 'kept', name, clients }, `${name} is left up: it was started anew meanwhile.`);
    return true;
  }
  return false;
}

/** When the cluster was brought up, as far as its folder tells. */
async function startOf(name: string, { folders }: Context): Promise<string | undefined> {
  const cluster = await findCluster(name, folders);
  return cluster?.runtime ? `${cluster.runtime.pid} ${cluster.runtime.started}` : undefined;
}
