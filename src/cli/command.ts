import { Option, type Command } from 'commander';
import type { Context } from './context.ts';

/** Makes one command; the table of commands (table.ts) lists them. */
export type MakeCommand = (context: Context) => Command;

export const defaultName = 'default';

/** Options that several commands share, so that they read and mean the same everywhere. */
export interface NameOption {
  readonly name: string;
}
export interface JsonOption {
  readonly json?: true;
}

export function nameOption(): Option {
  return new Option('-n, --name <name>', 'which cluster, where there are several').default(defaultName);
}

export function jsonOption(): Option {
  return new Option('--json', 'print JSON, for programs');
}

/** Shows examples under a command's help. */
export function withExamples(command: Command, examples: readonly (readonly [string, string])[]): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
