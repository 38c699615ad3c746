import * as l10n from '@vscode/l10n';
import type { PurgePlan } from '../commandLine/purge.ts';
import { memory } from '../format.ts';
import type { Question } from './questions.ts';

/** So many images are named. */
const mostNamed = 8;

/** What a person is asked before all data goes: each cluster with what it has, then what all of them share, with sizes. */
export function purgeQuestion({ clusters, caches, images, stays }: PurgePlan): Question {
  const named = images.slice(0, mostNamed).map(({ name, bytes }) => `${name} (${size(bytes)})`);
  if (images.length > mostNamed) named.push(l10n.t('… and {0} more', images.length - mostNamed));
  const parts = [
    clusters.length === 0
      ? l10n.t('There is no cluster.')
      : l10n.t('These clusters are ended and deleted, with all DAG runs, logs, passwords and tokens:'),
    ...clusters.map(({ name, engine, state, goes }) => [`${name} (${engine}, ${state})`, ...goes].join('\n')),
    ...(caches.length > 0
      ? [
          [
            l10n.t('These folders are removed:'),
            ...caches.map(({ path, bytes, what }) => `${path} (${size(bytes)}): ${what}`),
          ].join('\n'),
        ]
      : []),
    ...(images.length > 0 ? [[l10n.t('These images are removed:'), ...named].join('\n')] : []),
    l10n.t('The extension forgets what it remembers of this workspace.'),
    stays.join('\n'),
  ];
  return { text: l10n.t('Remove all data of Mesos Airflow?'), detail: parts.join('\n\n') };
}

function size(bytes: number): string {
  return memory(Math.ceil(bytes / 2 ** 20));
}
