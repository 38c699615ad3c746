import * as l10n from '@vscode/l10n';
import type { PageCluster } from '../../page/protocol.ts';
import { sentences } from '../cluster/connection.ts';
import type { ClusterPicture } from '../cluster/picture.ts';

/** How the cluster stands, as the page's head says it. */
export function pageCluster(name: string, picture: ClusterPicture): PageCluster {
  const { state } = picture;
  const counts = state?.cluster.counts;
  return {
    name,
    ...standing(picture),
    waiting: counts?.waiting ?? 0,
    running: (counts?.running ?? 0) + (counts?.launched ?? 0),
    suppressed: state?.offers?.suppressed ?? false,
    known: state !== undefined,
  };
}

type Standing = Pick<PageCluster, 'look' | 'state' | 'detail' | 'startable'>;

function standing({ connection, starting, state }: ClusterPicture): Standing {
  if (starting) {
    const detail = [starting.phase, starting.detail].filter((part) => part !== '').join(' · ');
    return { look: 'busy', state: l10n.t('starting'), detail, startable: false };
  }
  switch (connection.phase) {
    case 'unknown':
      return { look: 'busy', state: l10n.t('looking for it'), detail: '', startable: false };
    case 'absent':
      return { look: 'absent', state: l10n.t('not running'), detail: '', startable: true };
    case 'ended': {
      const detail = l10n.t('It ended without being stopped. Its runs are kept.');
      return { look: 'trouble', state: l10n.t('not running'), detail, startable: true };
    }
    case 'lost': {
      const detail = l10n.t('{0}. It is tried again.', connection.why.replace(/\.$/, ''));
      const startable = connection.startable ?? false;
      return { look: 'trouble', state: l10n.t('does not answer'), detail, startable };
    }
    case 'refused':
      return { look: 'trouble', state: l10n.t('refused'), detail: sentences(connection), startable: false };
    case 'live': {
      const look = state?.cluster.state ?? 'starting';
      const detail = state?.cluster.problem ?? '';
      return { look: looks[look], state: look, detail, startable: false };
    }
  }
}

const looks = {
  starting: 'busy',
  stopping: 'busy',
  ready: 'ready',
  degraded: 'trouble',
  failed: 'trouble',
} as const;
