import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import type { Engine, Holdings } from '../../engines/engine.ts';
import { checkName } from '../../engines/settings.ts';
import { jsonOption, nameOption, type JsonOption, type MakeCommand, type NameOption } from '../command.ts';
import type { Context } from '../context.ts';
import { engineOf, noSuchCluster } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { forName } from '../names.ts';
import { print } from '../output/print.ts';
import { progressOption, withProgress, type ProgressOption } from '../progress.ts';

interface Options extends NameOption, ProgressOption, JsonOption {
  readonly yes?: true;
  readonly dryRun?: true;
  readonly keepImages?: true;
}

export const deleteCommand: MakeCommand = (context) =>
  new Command('delete')
    .description('end a cluster and remove all that it has stored: runs, logs, sandboxes, passwords')
    .addOption(nameOption())
    .option('-y, --yes', 'do not ask')
    .option('--keep-images', 'of a cluster in Docker: keep the images that were built, for the next one')
    .option('--dry-run', 'say what would go and what would stay, and remove nothing')
    .addOption(jsonOption())
    .addOption(progressOption())
    .action(async (options: Options) => {
      const name = checkName(options.name);
      const keepImages = options.keepImages === true;
      if (options.dryRun) {
        await tellHoldings(context, name, keepImages, options);
        return;
      }
      await withProgress(context, options, async (watch, say) => {
        const engine = await engineOf(context, name);
        if (!options.yes) await ask(context, engine, name, keepImages);
        await engine.delete(name, watch, { keepImages });
        say({ type: 'deleted', name }, `${name} is gone.`);
      });
    });

/** What an editor shows before it asks. */
async function tellHoldings(
  context: Context,
  name: string,
  keepImages: boolean,
  options: JsonOption,
): Promise<void> {
  const engine = await engineOf(context, name);
  const { goes, stays } = await holdingsOf(context, engine, name, keepImages);
  print(context.out, options, { name, engine: engine.name, goes, stays }, () =>
    holdingLines(name, { goes, stays }),
  );
}

async function holdingsOf(
  context: Context,
  engine: Engine,
  name: string,
  keepImages: boolean,
): Promise<Holdings> {
  const holdings = await engine.holdings(name, context.interrupts.signal, { keepImages });
  if (!holdings) throw noSuchCluster(name);
  return holdings;
}

function holdingLines(name: string, { goes, stays }: Holdings): string[] {
  return [`To delete ${name} is to end it and to remove`, ...goes.map((line) => `  ${line}`), ...stays];
}

/** Says what will go and what stays, and goes on only if the person says yes. */
async function ask(context: Context, engine: Engine, name: string, keepImages: boolean): Promise<void> {
  const refusal = new CommandError(exitCodes.failed, `${name} was not deleted`, {
    next: `To delete it without being asked: mesos-airflow delete --yes${forName(name)}`,
  });
  if (!context.canAsk) throw refusal;
  const holdings = await holdingsOf(context, engine, name, keepImages);
  for (const line of holdingLines(name, holdings)) context.err.line(line);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question('Delete it? [y/N] ');
    if (!/^y(es)?$/i.test(answer.trim())) throw refusal;
  } finally {
    lines.close();
  }
}
