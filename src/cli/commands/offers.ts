import { Command } from 'commander';
import { connect } from '../cluster.ts';
import { jsonOption, nameOption, type JsonOption, type MakeCommand, type NameOption } from '../command.ts';
import { print } from '../output/print.ts';
import { offerLines } from '../views/mesos.ts';

export const offers: MakeCommand = (context) =>
  new Command('offers')
    .description('the last resource offers and what became of each')
    .addOption(nameOption())
    .addOption(jsonOption())
    .action(async (options: NameOption & JsonOption) => {
      const client = await connect(context, options.name);
      const answer = await client.offers();
      print(context.out, options, answer, () => offerLines(answer, context.out.colors));
    });
