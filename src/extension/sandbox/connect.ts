import * as l10n from '@vscode/l10n';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { ExplainedError } from '../../host/errors.ts';
import type { ClusterModel } from '../cluster/model.ts';

/** A window that was just opened finds its cluster within this time, or there is none. Milliseconds. */
const waitMs = 15_000;

/** The client of a cluster, waited for while the window has just begun to look for it. Rejects with an explanation. */
export async function clientOf(
  model: Pick<ClusterModel, 'name' | 'client' | 'picture' | 'onDidChange'>,
  cluster: string,
  limitMs = waitMs,
): Promise<ServiceClient> {
  if (cluster !== model.name) {
    throw new ExplainedError(l10n.t('It is of the cluster “{0}”, which this window does not show', cluster), {
      next: l10n.t('Turn to it with the command “Mesos Airflow: Choose Cluster”.'),
    });
  }
  if (model.client) return model.client;
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(limit);
      listening.dispose();
    };
    const look = (atLast: boolean): void => {
      const { client } = model;
      const { phase } = model.picture.connection;
      if (client && model.name === cluster) {
        end();
        resolve(client);
      } else if (atLast || phase === 'absent' || phase === 'ended' || phase === 'refused') {
        end();
        reject(
          new ExplainedError(
            phase === 'lost'
              ? l10n.t('The cluster “{0}” does not answer. It is tried again.', cluster)
              : l10n.t('The cluster “{0}” is not running.', cluster),
          ),
        );
      }
    };
    const limit = setTimeout(() => look(true), limitMs);
    const listening = model.onDidChange(() => look(false));
    look(false);
  });
}
