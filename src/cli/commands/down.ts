import { Command } from 'commander';
import { checkName } from '../../engines/settings.ts';
import { nameOption, type MakeCommand, type NameOption } from '../command.ts';
import { engineOf } from '../engine.ts';
import { forName } from '../names.ts';
import { progressOption, withProgress, type ProgressOption } from '../progress.ts';

export const down: MakeCommand = (context) =>
  new Command('down')
    .description('end a cluster: all of its processes or containers; what it has stored stays')
    .addOption(nameOption())
    .addOption(progressOption())
    .action(async (options: NameOption & ProgressOption) => {
      const name = checkName(options.name);
      await withProgress(context, options, async (watch, say) => {
        const engine = await engineOf(context, name);
        const ran = await engine.down(name, watch);
        say(
          { type: 'stopped', name, ran },
          ran
            ? `${name} has ended. Start it again: mesos-airflow up${forName(name)}`
            : `${name} was not running.`,
        );
      });
    });
