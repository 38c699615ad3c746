import { InvalidArgumentError, Option } from 'commander';
import type { SecretReference } from '../host/secretReference.ts';

export type SecretReferences = Readonly<Record<string, SecretReference>>;

/** `--secret NAME=file:PATH | env:NAME | command:PROGRAM ARGUMENT …`, for each variable once. */
export function secretOption(): Option {
  return new Option(
    '--secret <name=place>',
    'a variable for Airflow and its tasks, kept elsewhere: NAME=file:PATH, NAME=env:VARIABLE, or NAME=command:PROGRAM ARGUMENTS (a JSON list where an argument has blanks). Once for each; remembered',
  ).argParser((given: string, before: SecretReferences | undefined) => {
    const [name, reference] = parseSecret(given);
    return { ...before, [name]: reference };
  });
}

/** Throws commander's error, which names the option, where it is no reference. What is given is no secret: it may be shown. */
export function parseSecret(given: string): [name: string, reference: SecretReference] {
  const [, name, kind, place] = /^([A-Za-z_][A-Za-z0-9_]*)=(file|env|command):([\s\S]+)$/.exec(given) ?? [];
  if (name === undefined || place === undefined) {
    throw new InvalidArgumentError('It is NAME=file:PATH, NAME=env:VARIABLE or NAME=command:PROGRAM.');
  }
  if (kind === 'file') return [name, { file: place }];
  if (kind === 'env') return [name, { environment: place }];
  return [name, { command: commandOf(place) }];
}

function commandOf(text: string): string[] {
  if (!text.trimStart().startsWith('[')) return text.trim().split(/\s+/);
  const words = jsonOf(text);
  const isList = Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === 'string');
  if (!isList) throw new InvalidArgumentError('A command is words, or a JSON list of texts.');
  return words;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
