import type { ClusterSpec } from '../api/cluster.ts';
import { resolveSecrets } from '../host/secretReference.ts';
import type { Phases } from './phases.ts';
import { secretsOf, type ClusterSettings } from './settings.ts';

/**
 * The secrets that Airflow is to have, found where they are kept: a phase of its own where there are any. Throws
 * `SecretUnavailable`, before anything was started.
 */
export async function findSecrets(
  settings: ClusterSettings,
  before: ClusterSpec | undefined,
  env: NodeJS.ProcessEnv,
  phases: Phases,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const references = secretsOf(settings, before);
  const names = Object.keys(references);
  if (names.length === 0) return {};
  return phases.run('Secrets', async () => {
    const value = await resolveSecrets(references, { env, signal });
    return { detail: names.join(', '), value };
  });
}
