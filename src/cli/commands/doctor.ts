import { Command } from 'commander';
import { examine, type Finding } from '../../engines/doctor.ts';
import { programFiles } from '../../engines/program.ts';
import { jsonOption, type JsonOption, type MakeCommand } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { print } from '../output/print.ts';
import type { Colors } from '../output/terminal.ts';
import { pad } from '../output/text.ts';

export const doctor: MakeCommand = (context) =>
  new Command('doctor')
    .description('check what a cluster needs of this machine, with a remedy for each lack')
    .option('--python <exe>', 'check this Python, and no other')
    .addOption(jsonOption())
    .action(async (options: JsonOption & { readonly python?: string }) => {
      const findings = await examine({
        folders: context.folders,
        program: programFiles(context.entry),
        env: context.env,
        ...(options.python === undefined ? {} : { python: options.python }),
        signal: context.interrupts.signal,
      });
      const failed = findings.some(({ state }) => state === 'failed');
      print(context.out, options, { ok: !failed, findings }, () => [
        ...findings.flatMap((finding) => findingLines(finding, context.out.colors)),
        '',
        failed ? 'A cluster cannot be started here yet.' : 'A cluster can be started: mesos-airflow up',
      ]);
      if (failed) context.endWith(exitCodes.machine);
    });

function findingLines({ name, state, detail, remedy }: Finding, colors: Colors): string[] {
  const icon = { ok: colors.green('✓'), warning: colors.yellow('!'), failed: colors.red('✗') }[state];
  return [`${icon} ${pad(name, 22)}  ${detail}`, ...(remedy ? [`  ${pad('', 22)}  ${remedy}`] : [])];
}
