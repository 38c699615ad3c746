import { Command } from 'commander';
import { jsonOption, withExamples, type JsonOption, type MakeCommand } from '../command.ts';
import { confirm } from '../confirm.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { print } from '../output/print.ts';
import { progressOption, withProgress, type ProgressOption } from '../progress.ts';
import { isEmpty, purge as purgeAll, purgePlan } from '../purge.ts';
import { purgeLines } from '../views/purge.ts';

interface Options extends ProgressOption, JsonOption {
  readonly yes?: true;
  readonly dryRun?: true;
}

export const purge: MakeCommand = (context) =>
  withExamples(
    new Command('purge')
      .description(
        'end and delete all clusters, and remove all else that was stored: Python environments, copies, images',
      )
      .option('-y, --yes', 'do not ask')
      .option('--dry-run', 'say what would go and what would stay, and remove nothing')
      .addOption(jsonOption())
      .addOption(progressOption())
      .action(async (options: Options) => {
        const plan = await purgePlan(context);
        if (options.dryRun || (isEmpty(plan) && options.progress !== 'json')) {
          print(context.out, options, plan, () => purgeLines(plan));
          return;
        }
        await withProgress(context, options, async (watch, say) => {
          if (!options.yes) {
            const refusal = new CommandError(exitCodes.failed, 'Nothing was removed', {
              next: 'To remove all data without being asked: mesos-airflow purge --yes',
            });
            if (!context.canAsk) throw refusal;
            for (const line of purgeLines(plan)) context.err.line(line);
            if (!(await confirm('Remove all of it?', watch.signal))) throw refusal;
          }
          await purgeAll(context, plan, watch);
          say({ type: 'purged' }, 'All data was removed.');
        });
      }),
    [
      ['mesos-airflow purge --dry-run', 'what there is, with sizes'],
      ['mesos-airflow purge --yes', 'removes it'],
    ],
  );
