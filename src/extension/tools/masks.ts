import { findCluster } from '../../client/discover.ts';
import type { ClusterFolder } from '../../host/folders.ts';
import { redaction } from '../diagnostics/redact.ts';
import { secretsOf } from '../diagnostics/secrets.ts';

/** How long secrets are remembered (milliseconds): looking for them may run the person's own programs. */
const keptMs = 60_000;

/** Masks the secrets of a cluster, as Collect Diagnostics does. */
export class Masks {
  #kept: { readonly cluster: string; readonly at: number; readonly redact: Promise<Redact> } | undefined;

  of(cluster: string, folder: ClusterFolder, now: number): Promise<Redact> {
    const kept = this.#kept;
    if (kept?.cluster === cluster && now - kept.at < keptMs) return kept.redact;
    const redact = made(cluster, folder);
    this.#kept = { cluster, at: now, redact };
    // Not remembered where it failed.
    redact.catch(() => (this.#kept = undefined));
    return redact;
  }
}

type Redact = (text: string) => string;

async function made(cluster: string, folder: ClusterFolder): Promise<Redact> {
  const known = await findCluster(cluster);
  return redaction(await secretsOf(folder, known?.spec ?? undefined));
}
