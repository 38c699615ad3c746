import { explainInstallFailure, unreachableReason } from '../../../airflow/environment/failures.ts';
import type { LockedPackage } from '../../../airflow/environment/lock.ts';
import type { Requirements } from '../../../airflow/environment/requirements.ts';
import { BuildFailed } from '../../../docker/errors.ts';
import { ExplainedError } from '../../../host/errors.ts';

/** What is known of a build beside its output. */
export interface BuildCircumstances {
  readonly env: NodeJS.ProcessEnv;
  /** As the settings have it. */
  readonly network: string | undefined;
  readonly requirements: Requirements | undefined;
  readonly locked: readonly LockedPackage[] | undefined;
}

/** An error of a step that installs Python packages, in the words that an embedded cluster has for it; others as they are. */
export function explainedBuildFailure(error: unknown, circumstances: BuildCircumstances): unknown {
  if (!(error instanceof BuildFailed) || !/(install|relocate)\.py/.test(error.step ?? '')) return error;
  const { locked, network, requirements } = circumstances;
  const output = error.lastLines.join('\n');
  const explained = explainInstallFailure({
    output,
    folder: 'the image',
    locked: locked ?? [],
    requirements: error.step?.includes('install.py requirements') ? requirements : undefined,
  });
  if (unreachableReason(output) === undefined || network === 'host') return explained;
  const proxy = loopbackProxy(circumstances.env);
  return new ExplainedError(explained.message, {
    why:
      proxy === undefined
        ? `${explained.why ?? ''}. Docker builds on a network of its own`
        : `${explained.why ?? ''}. The proxy ${proxy} is this machine's, and Docker builds on a network of its own`,
    next: 'Let builds use this machine’s network: --build-network host. Or name a proxy in HTTPS_PROXY, an index in PIP_INDEX_URL.',
    cause: error,
  });
}

/** A proxy that only this machine itself reaches, without its login. */
function loopbackProxy(env: NodeJS.ProcessEnv): string | undefined {
  for (const [name, value] of Object.entries(env)) {
    if (!/^(https?|all)_proxy$/i.test(name) || !value || !URL.canParse(value)) continue;
    const { host, hostname } = new URL(value);
    if (/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)) return host;
  }
  return undefined;
}
