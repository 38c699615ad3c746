import * as l10n from '@vscode/l10n';
import type { ClusterView, RecordingView } from '../api/people.ts';
import { stoppedItselfText } from '../words/stoppedItself.ts';
import { noIncidents, type Incidents } from './cluster/incidents.ts';
import type { ClusterPicture } from './cluster/picture.ts';
import { timeOfDay } from './recording/times.ts';
import { engineText, mesosText } from './tree/cluster/clusterRow.ts';
import { standingParts } from './tree/cluster/partRows.ts';
import { nothingElse, type WhatElse } from './windowCluster/absence.ts';

export interface StatusText {
  /** With codicons, as a status bar item takes it. */
  readonly text: string;
  readonly tooltip: string;
  readonly look: 'plain' | 'warning' | 'error';
  /** What a click does. */
  readonly click: 'show' | 'start' | 'choose';
}

const product = 'Mesos Airflow';

/** What is known beside the cluster. */
export interface Beside {
  readonly whatElse?: WhatElse;
  /** Runs of the person's own that have failed and were not looked at yet. */
  readonly ownFailures?: number;
}

/** What the status bar says of the window's cluster: its state and counts; nothing where there is nothing to say. */
export function statusText(
  picture: ClusterPicture,
  name: string,
  { whatElse = nothingElse, ownFailures = 0 }: Beside = {},
): StatusText | undefined {
  const { connection, starting, state } = picture;
  if (starting) {
    const of = starting.engine ? `${name} (${engineText({ engine: starting.engine })})` : name;
    const tooltip = [of, starting.detail].filter((part) => part !== '').join(': ');
    return plainText(`$(sync~spin) ${product}: ${starting.phase}…`, tooltip);
  }
  switch (connection.phase) {
    case 'unknown':
      return undefined;
    case 'absent':
    case 'ended':
      return absentText(name, whatElse);
    case 'lost':
      return {
        text: `$(debug-disconnect) ${product}: ${l10n.t('not answering')}`,
        tooltip: `${name}: ${connection.why}`,
        look: 'warning',
        click: 'show',
      };
    case 'refused':
      return {
        text: `$(error) ${product}`,
        tooltip: `${name}: ${connection.what}`,
        look: 'error',
        click: 'show',
      };
    case 'live':
      return state && standingText(state.cluster, picture.incidents ?? noIncidents, ownFailures);
  }
}

function standingText(cluster: ClusterView, incidents: Incidents, ownFailures: number): StatusText {
  return (
    (cluster.recording && recordedText(cluster, cluster.recording)) ??
    deadText(cluster, incidents) ??
    liveText(cluster, ownFailures)
  );
}

/** `recording · 14:02:11 · ×4 · paused`. */
function recordedText(cluster: ClusterView, recording: RecordingView): StatusText {
  const { at, from, to, speed, paused } = recording;
  const words = [
    l10n.t('recording'),
    timeOfDay(at),
    ...(speed === 1 ? [] : [`×${speed}`]),
    ...(paused ? [l10n.t('paused')] : []),
  ];
  const span = l10n.t('A recording of {0}, from {1} to {2}.', cluster.name, timeOfDay(from), timeOfDay(to));
  return {
    text: `$(history) ${product}: ${words.join(' · ')}`,
    tooltip: span,
    look: 'warning',
    click: 'show',
  };
}

/** A click starts it; where it was never there and others run, it lets one choose. */
function absentText(name: string, { stopped, itself, others }: WhatElse): StatusText | undefined {
  if (stopped) {
    const why = itself
      ? l10n.t('The cluster {0} {1}; its runs are kept.', name, stoppedItselfText(itself))
      : l10n.t('The cluster {0} is stopped; its runs are kept.', name);
    return {
      text: `$(circle-outline) ${product}: ${l10n.t('stopped')}`,
      tooltip: `${why} ${l10n.t('Click to start it.')}`,
      look: 'plain',
      click: 'start',
    };
  }
  const [first] = others;
  if (first === undefined) return undefined;
  const running = others.length === 1 ? l10n.t('{0} runs', first) : l10n.t('{0} others run', others.length);
  return {
    text: `$(circle-outline) ${product}: ${running}`,
    tooltip: l10n.t(
      'The cluster of this workspace, {0}, was not started yet. Others run: {1}. Click to choose one.',
      name,
      others.join(', '),
    ),
    look: 'plain',
    click: 'choose',
  };
}

/** Of a part whose container died, before the service has noticed. */
function deadText(cluster: ClusterView, incidents: Incidents): StatusText | undefined {
  if (cluster.state !== 'ready') return undefined;
  const dead = standingParts(cluster.parts, incidents).find(({ standing }) => standing.state === 'exited');
  if (!dead) return undefined;
  const text = `$(warning) ${product}: ${l10n.t('{0} exited', dead.part.name)}`;
  return { text, tooltip: about(cluster, dead.standing.detail), look: 'warning', click: 'show' };
}

function liveText(cluster: ClusterView, ownFailures: number): StatusText {
  const problem = about(cluster, cluster.problem ?? '');
  switch (cluster.state) {
    case 'starting': {
      const part = cluster.parts.find(({ state }) => state !== 'ready');
      const what = part ? `${part.name}…` : l10n.t('starting…');
      return plainText(`$(sync~spin) ${product}: ${what}`, about(cluster, part?.detail ?? ''));
    }
    case 'stopping':
      return plainText(`$(sync~spin) ${product}: ${l10n.t('stopping…')}`, about(cluster, ''));
    case 'failed':
      return {
        text: `$(error) ${product}: ${l10n.t('failed')}`,
        tooltip: problem,
        look: 'error',
        click: 'show',
      };
    case 'degraded':
      return {
        text: `$(warning) ${product}: ${l10n.t('degraded')}`,
        tooltip: problem,
        look: 'warning',
        click: 'show',
      };
    case 'ready': {
      const { running, launched, waiting } = cluster.counts;
      const counts = [
        ownFailures > 0 ? l10n.t('{0} failed', ownFailures) : '',
        running > 0 ? l10n.t('{0} running', running) : '',
        launched > 0 ? l10n.t('{0} starting', launched) : '',
        waiting > 0 ? l10n.t('{0} waiting', waiting) : '',
      ].filter((part) => part !== '');
      const words = [product, ...(counts.length > 0 ? counts : [l10n.t('idle')])].join(' · ');
      const tooltip = readyTooltip(cluster);
      return ownFailures > 0
        ? { text: `$(error) ${words}`, tooltip, look: 'error', click: 'show' }
        : plainText(`$(check) ${words}`, tooltip);
    }
  }
}

/** Which cluster it is, and what is to be said of it. */
function about(cluster: ClusterView, what: string): string {
  const name = `${cluster.name} (${engineText(cluster)})`;
  return what === '' ? name : `${name}: ${what}`;
}

function readyTooltip(cluster: ClusterView): string {
  const of = [cluster.name, engineText(cluster), mesosText(cluster)] as const;
  const where = cluster.airflow ? ` Airflow: ${cluster.airflow.url}` : '';
  return `${l10n.t('The cluster {0} ({1}, {2}) is ready.', ...of)}${where}`;
}

function plainText(text: string, tooltip: string): StatusText {
  return { text, tooltip, look: 'plain', click: 'show' };
}
