import path from 'node:path';
import { parseArgs } from 'node:util';
import { ExplainedError, messageOf } from '../../host/errors.ts';

export interface ReplayArguments {
  readonly file: string;
  readonly name: string;
  /** Where to begin: milliseconds since the epoch. */
  readonly at: number | undefined;
  readonly speed: number | undefined;
}

const names = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** Of `--replay <file> --name <name> [--at <ms>] [--speed <n>]`; undefined where it is not about a recording. Throws ExplainedError. */
export function replayArguments(args: readonly string[]): ReplayArguments | undefined {
  if (args[0] !== '--replay') return undefined;
  const text = { type: 'string' } as const;
  let values: { replay?: string; name?: string; at?: string; speed?: string };
  try {
    const options = { replay: text, name: text, at: text, speed: text };
    ({ values } = parseArgs({ args: [...args], options, strict: true }));
  } catch (error) {
    throw notUnderstood(messageOf(error));
  }
  const { replay, name } = values;
  if (!replay) throw notUnderstood('no file is given');
  // It becomes part of a path.
  if (name === undefined || !names.test(name)) throw notUnderstood('no name is given, or one that cannot be');
  return {
    file: path.resolve(replay),
    name,
    at: number('at', values.at),
    speed: number('speed', values.speed),
  };
}

function number(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw notUnderstood(`--${option} must be a number above 0`);
  return value;
}

function notUnderstood(why: string): ExplainedError {
  return new ExplainedError('The service was started for a recording, with options that are not understood', {
    why,
    next: 'mesos-airflow replay starts it.',
  });
}
