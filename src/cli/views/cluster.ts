import type { ClusterView, DagView, ImportError, PartView } from '../../api/people.ts';
import { count } from '../output/amounts.ts';
import { coarseDuration } from '../output/durations.ts';
import { showState } from '../output/states.ts';
import { table } from '../output/table.ts';
import type { Colors } from '../output/terminal.ts';
import { oneLine, pad } from '../output/text.ts';
import { mesosChoice } from './ready.ts';

/** A cluster at a glance: its state, parts, addresses, what runs, and what is broken. */
export function clusterLines(
  cluster: ClusterView,
  errors: readonly ImportError[],
  colors: Colors,
  now = Date.now(),
): string[] {
  const { counts, framework, master, airflow } = cluster;
  const row = (name: string, value: string): string => `${pad(name, 10)}${value}`;
  const offers = framework.suppressed ? 'no offers asked for: nothing waits' : 'asking for offers';
  return [
    `${colors.bold(cluster.name)} · ${cluster.engine} · ${clusterState(cluster.state, colors)} · up ${coarseDuration(now - cluster.started)}`,
    ...(cluster.problem ? [colors.yellow(oneLine(cluster.problem))] : []),
    '',
    row('Airflow', airflow ? `${airflow.url}   ${airflow.healthy ? 'healthy' : 'not answering'}` : 'none'),
    row(
      'Mesos',
      `${master.url}   ${master.connected ? (master.version ?? 'connected') : 'not reachable'}${mesosChoice(cluster)}`,
    ),
    row('Framework', `${framework.state} as "${framework.name}", role ${framework.role} · ${offers}`),
    row('DAGs', cluster.dags_folder ?? 'none'),
    row(
      'Tasks',
      `${counts.running} running · ${counts.waiting} waiting · ${counts.launched} starting · ${counts.finished} finished · ${counts.failed} failed`,
    ),
    '',
    ...partLines(cluster.parts, colors, now),
    ...importErrorLines(errors, colors),
  ];
}

export function clusterState(state: string, colors: Colors): string {
  switch (state) {
    case 'ready':
      return colors.green('✓ ready');
    case 'failed':
      return colors.red('✗ failed');
    case 'degraded':
      return colors.yellow('! degraded');
    case 'stopped':
      return colors.gray('○ stopped');
    case 'unreachable':
      return colors.yellow('? unreachable');
    default:
      return colors.blue(`◌ ${state}`);
  }
}

function partLines(parts: readonly PartView[], colors: Colors, now: number): string[] {
  const rows = parts.map((part) => [
    part.name,
    part.state === 'failed' ? colors.red(part.state) : part.state,
    part.container ?? (part.pid === null ? '' : String(part.pid)),
    coarseDuration(now - part.since),
    part.restarts === 0 ? '' : `started again ${count(part.restarts, 'time')}`,
    oneLine(part.detail),
  ]);
  const place = parts.some(({ container }) => container !== undefined) ? 'CONTAINER' : 'PID';
  return rows.length === 0 ? [] : table(['PART', 'STATE', place, 'SINCE', '', ''], rows, colors);
}

/** DAG files that cannot be imported: file, line, message. Nothing where there are none. */
export function importErrorLines(errors: readonly ImportError[], colors: Colors): string[] {
  if (errors.length === 0) return [];
  return [
    '',
    colors.red(`✗ ${count(errors.length, 'DAG file')} cannot be imported; the others run:`),
    ...errors.map(
      ({ file, line, message }) =>
        `  ${oneLine(file)}${line === null ? '' : `:${line}`}  ${oneLine(message)}`,
    ),
  ];
}

/** DAGs, a row each. */
export function dagLines(dags: readonly DagView[], colors: Colors): string[] {
  if (dags.length === 0) return ['No DAG has been found yet.'];
  const rows = dags.map((dag) => [
    oneLine(dag.dag_id),
    dag.schedule ?? 'by hand',
    dag.paused ? colors.yellow('paused') : 'active',
    dag.last_run ? showState(dag.last_run.state, colors) : '',
    dag.last_run ? oneLine(dag.last_run.run_id) : '',
    dag.has_import_errors ? colors.red('its file has an error now') : '',
    dag.fileloc,
  ]);
  return table(['DAG', 'SCHEDULE', 'STATE', 'LAST RUN', '', '', 'FILE'], rows, colors);
}
