import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { secretReference } from '../../api/cluster.ts';
import { ExplainedError } from '../../host/errors.ts';
import type { SecretReference } from '../../host/secretReference.ts';

export type SecretReferences = Readonly<Record<string, SecretReference>>;

const references = z.record(z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/)), secretReference);

/** The setting as it stands; undefined where it isn't set. Throws where it is not what its description says. */
export function secretReferences(setting: unknown): SecretReferences | undefined {
  if (setting === null || setting === undefined) return undefined;
  const parsed = z.safeParse(references, setting);
  if (parsed.success) return parsed.data;
  const [name] = parsed.error.issues.map(({ path }) => path[0]);
  throw new ExplainedError(l10n.t('The setting mesosAirflow.secrets is not understood'), {
    why: l10n.t('“{0}” is not a variable with one place: file, environment or command', String(name ?? '')),
    next: l10n.t('Write it as the description of the setting shows.'),
  });
}

/** As `up` takes them: what was set last time stays where nothing is set, and an empty setting forgets it. */
export function secretArguments(secrets: SecretReferences | undefined): string[] {
  if (!secrets) return [];
  const entries = Object.entries(secrets);
  if (entries.length === 0) return ['--no-secrets'];
  return entries.flatMap(([name, reference]) => ['--secret', `${name}=${placeOf(reference)}`]);
}

function placeOf(reference: SecretReference): string {
  if ('file' in reference) return `file:${reference.file}`;
  if ('environment' in reference) return `env:${reference.environment}`;
  return `command:${JSON.stringify(reference.command)}`;
}
