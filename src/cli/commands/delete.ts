import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { findCluster } from '../../client/discover.ts';
import { checkName } from '../../engines/settings.ts';
import { sizeBelow } from '../../engines/size.ts';
import { clusterFolder } from '../../host/folders.ts';
import { noSuchCluster } from '../cluster.ts';
import { nameOption, type MakeCommand, type NameOption } from '../command.ts';
import type { Context } from '../context.ts';
import { embeddedEngine } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { megabytes } from '../output/amounts.ts';
import { progressOption, withProgress, type ProgressOption } from '../progress.ts';

interface Options extends NameOption, ProgressOption {
  readonly yes?: true;
}

export const deleteCommand: MakeCommand = (context) =>
  new Command('delete')
    .description('end a cluster and remove all that it has stored: runs, logs, sandboxes, passwords')
    .addOption(nameOption())
    .option('-y, --yes', 'do not ask')
    .addOption(progressOption())
    .action(async (options: Options) => {
      const name = checkName(options.name);
      if (!(await findCluster(name, context.folders))) throw noSuchCluster(name);
      if (!options.yes) await ask(context, name);
      await withProgress(context, options, async (watch, say) => {
        await embeddedEngine(context).delete(name, watch);
        say({ type: 'deleted', name }, `${name} is gone.`);
      });
    });

/** Says what will go, and goes on only if the person says yes. */
async function ask(context: Context, name: string): Promise<void> {
  const folder = clusterFolder(context.folders, name);
  const size = megabytes((await sizeBelow(folder.root)) / (1024 * 1024));
  const refusal = new CommandError(exitCodes.failed, `${name} was not deleted`, {
    next: 'To delete it without being asked: mesos-airflow delete --yes',
  });
  if (!context.canAsk) throw refusal;
  context.err.line(`This ends the cluster ${name} and removes ${folder.root} (${size}):`);
  context.err.line('  all DAG runs and their history, task logs and sandboxes, passwords and tokens.');
  context.err.line('  Your DAG files and the Python environment stay.');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question('Delete it? [y/N] ');
    if (!/^y(es)?$/i.test(answer.trim())) throw refusal;
  } finally {
    lines.close();
  }
}
