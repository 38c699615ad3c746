import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { Settings } from '../settings.ts';
import type { EngineName } from './facts.ts';

/**
 * Asks once for each cluster and workspace whether its agents may have Docker's socket, which
 * `mesosAirflow.docker.tasks: container` needs. Returns false where they may not.
 */
export async function mayUseSocket(
  app: App,
  cluster: string,
  { docker }: Settings,
  engine: EngineName | 'auto',
): Promise<boolean> {
  if (docker.tasks !== 'container' || engine === 'embedded') return true;
  if (app.memory.get(keyOf(cluster)) === true) return true;
  const allow = l10n.t('Allow');
  const chosen = await vscode.window.showWarningMessage(
    l10n.t('Give the agents of “{0}” the Docker socket?', cluster),
    {
      modal: true,
      detail: l10n.t(
        'The setting mesosAirflow.docker.tasks is “container”: each task runs in a Docker container of its own, and the agents start these through Docker’s socket. Who has that socket can do anything on the machine that Docker runs on, as root: a framework or an operator of this Mesos cluster would, too. Set it to “agent” and tasks run inside the agents’ containers, which have no socket.',
      ),
    },
    allow,
  );
  if (chosen !== allow) return false;
  await app.memory.update(keyOf(cluster), true);
  return true;
}

/** A cluster of the same name that is made later is another one, and asked about again. */
export async function forgetSocketConsent({ memory }: Pick<App, 'memory'>, cluster: string): Promise<void> {
  await memory.update(keyOf(cluster), undefined);
}

function keyOf(cluster: string): string {
  return `dockerSocket:${cluster}`;
}
