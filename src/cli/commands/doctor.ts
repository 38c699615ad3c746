import { Command, Option } from 'commander';
import { examine, type Finding } from '../../engines/doctor.ts';
import type { EngineName } from '../../engines/engine.ts';
import { programFiles } from '../../engines/program.ts';
import { jsonOption, type JsonOption, type MakeCommand } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { print } from '../output/print.ts';
import type { Colors } from '../output/terminal.ts';
import { pad } from '../output/text.ts';

interface Options extends JsonOption {
  readonly engine?: EngineName;
  readonly python?: string;
}

export const doctor: MakeCommand = (context) =>
  new Command('doctor')
    .description('check what a cluster needs of this machine, with a remedy for each lack')
    .addOption(
      new Option('--engine <engine>', 'look whether this one can be used; without it any').choices([
        'embedded',
        'docker',
      ]),
    )
    .option('--python <exe>', 'check this Python, and no other, for an embedded cluster')
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const findings = await examine({
        folders: context.folders,
        program: programFiles(context.entry),
        env: context.env,
        ...(options.python === undefined ? {} : { python: options.python }),
        signal: context.interrupts.signal,
      });
      const possible = { embedded: isPossible('embedded', findings), docker: isPossible('docker', findings) };
      // A Python is of interest to embedded clusters only.
      const asked = options.engine ?? (options.python === undefined ? undefined : 'embedded');
      const ok = asked ? possible[asked] : possible.embedded || possible.docker;
      print(context.out, options, { ok, engines: possible, findings }, () => [
        ...findings.flatMap((finding) => findingLines(finding, context.out.colors)),
        '',
        verdict('An embedded cluster', possible.embedded, 'mesos-airflow up'),
        verdict('A cluster in Docker', possible.docker, 'mesos-airflow up --engine docker'),
      ]);
      if (!ok) context.endWith(asked === 'docker' ? exitCodes.docker : exitCodes.machine);
    });

/** Whether nothing that this engine needs is missing. */
function isPossible(name: EngineName, findings: readonly Finding[]): boolean {
  return findings.every(
    ({ engine, state }) => state !== 'failed' || (engine !== undefined && engine !== name),
  );
}

function verdict(what: string, possible: boolean, command: string): string {
  return possible ? `${what} can be started: ${command}` : `${what} cannot be started here yet.`;
}

function findingLines({ name, state, detail, remedy }: Finding, colors: Colors): string[] {
  const icon = { ok: colors.green('✓'), warning: colors.yellow('!'), failed: colors.red('✗') }[state];
  const [first = '', ...more] = [detail, ...(remedy === undefined ? [] : [remedy])].join('\n').split('\n');
  return [`${icon} ${pad(name, 22)}  ${first}`, ...more.map((line) => `  ${pad('', 22)}  ${line}`)];
}
