import { Command } from 'commander';
import { embeddedEngine } from '../engine.ts';
import { noSuchCluster } from '../cluster.ts';
import { nameOption, type MakeCommand, type NameOption } from '../command.ts';
import { findCluster } from '../../client/discover.ts';
import { checkName } from '../../engines/settings.ts';
import { progressOption, withProgress, type ProgressOption } from '../progress.ts';

export const down: MakeCommand = (context) =>
  new Command('down')
    .description('end a cluster: all of its processes; what it has stored stays')
    .addOption(nameOption())
    .addOption(progressOption())
    .action(async (options: NameOption & ProgressOption) => {
      const name = checkName(options.name);
      if (!(await findCluster(name, context.folders))) throw noSuchCluster(name);
      await withProgress(context, options, async (watch, say) => {
        const ran = await embeddedEngine(context).down(name, watch);
        say(
          { type: 'stopped', name, ran },
          ran ? `${name} has ended. Start it again: mesos-airflow up` : `${name} was not running.`,
        );
      });
    });
