import { Command } from 'commander';
import { findCluster } from '../../client/discover.ts';
import { checkName } from '../../engines/settings.ts';
import { connection } from '../cluster.ts';
import { nameOption, withExamples, type MakeCommand, type NameOption } from '../command.ts';
import type { Context } from '../context.ts';
import { engineOf } from '../engine.ts';
import { progressOption, withProgress, type ProgressOption } from '../progress.ts';
import { incidentLines, incidentRecord } from '../views/incident.ts';
import { watchCluster } from '../watch/watch.ts';

type Options = NameOption & ProgressOption;

/** A program that reads us and is gone shows when something is written to it. Milliseconds. */
const aliveMs = 30_000;

export const watch: MakeCommand = (context) =>
  withExamples(
    new Command('watch')
      .description('tell what happens to the parts of a running cluster, until it is brought down or Ctrl-C')
      .addOption(nameOption())
      .addOption(progressOption())
      .action((options: Options) => run(options, context)),
    [
      ['mesos-airflow watch', 'a line for each part that dies or comes back, with its last words'],
      ['mesos-airflow watch --progress json', 'for programs'],
    ],
  );

/**
 * Throws where the cluster does not run. In Docker its folder's word is enough: a service that does not answer just now keeps
 * nobody from watching.
 */
async function refuseUnlessUp(context: Context, name: string): Promise<void> {
  const cluster = await findCluster(name, context.folders);
  if (!cluster?.container) await connection(context, name);
}

async function run(options: Options, context: Context): Promise<void> {
  const name = checkName(options.name);
  const { out, interrupts } = context;
  const json = options.progress === 'json';
  // Nothing was started, so nothing is to be ended.
  interrupts.guard({ force: () => Promise.resolve() });
  await withProgress(context, options, async (_watch, say) => {
    const engine = await engineOf(context, name);
    await refuseUnlessUp(context, name);
    const watching = { type: 'watching', name, engine: engine.name };
    say(watching, `Watching ${name}. Ctrl-C ends this, not the cluster.`);
    const alive = json ? setInterval(() => out.line(JSON.stringify(watching)), aliveMs) : undefined;
    try {
      const how = await watchCluster(context, engine, name, {
        incident: (incident) => say(incidentRecord(incident), ...incidentLines(incident, out.colors)),
        notice: (text) => say({ type: 'notice', text }, text),
      });
      if (how === 'ended') say({ type: 'ended', name }, `${name} was brought down.`);
    } finally {
      clearInterval(alive);
    }
  });
}
