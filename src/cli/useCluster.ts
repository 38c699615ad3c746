import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { passwordFile } from '../airflow/setup.ts';
import { secretFiles } from '../api/cluster.ts';
import type { ClusterView } from '../api/people.ts';
import type { Engine, PartIncident } from '../engines/engine.ts';
import { Phases } from '../engines/phases.ts';
import { messageOf } from '../host/errors.ts';
import { clusterFolder } from '../host/folders.ts';
import { ClusterLink } from './cluster.ts';
import type { Context } from './context.ts';
import { exitCodes } from './exitCodes.ts';
import { forName } from './names.ts';
import { withProgress, type ProgressOption } from './progress.ts';
import { awaitDag, runExample } from './runExample.ts';
import { importErrorLines } from './views/cluster.ts';
import { incidentLines, incidentRecord } from './views/incident.ts';
import { addressLines, readyRecord } from './views/ready.ts';
import { runRecord } from './views/run.ts';
import { watchCluster } from './watch/watch.ts';

export interface UseOptions extends ProgressOption {
  /** The cluster ran before this command. */
  readonly joined: boolean;
  /** The cluster goes on after this command. */
  readonly leaves: boolean;
  readonly detach?: true;
  readonly run?: string;
  /** Printed below the addresses. */
  readonly hint?: readonly string[];
}

/** What a person wants of a cluster that is up: says where it is, runs what was asked for, and stays. */
export async function useCluster(
  engine: Engine,
  cluster: ClusterView,
  options: UseOptions,
  context: Context,
): Promise<void> {
  const { name } = cluster;
  const json = options.progress === 'json';
  const tell = (record: Readonly<Record<string, unknown>>, ...lines: readonly string[]): void => {
    for (const line of json ? [JSON.stringify(record)] : lines) context.out.line(line);
  };
  const notice = (text: string): void => tell({ type: 'notice', text }, text);
  const link = await ClusterLink.to(context, name);
  if (json) tell(readyRecord(cluster, options.joined));
  if (options.run !== undefined) await runDag(link, options.run, options, context);
  if (!json) {
    const { colors } = context.out;
    const { secrets } = clusterFolder(context.folders, name);
    const logins = {
      password: await passwordToShow(name, context),
      mesosCredentials: path.join(secrets, secretFiles.mesosCredentials),
    };
    for (const line of addressLines(cluster, logins, colors)) context.out.line(line);
    if (options.run === undefined) await tellDags(link, context);
    for (const line of options.hint ?? []) context.out.line(line);
  }
  const end = `mesos-airflow down${forName(name)}`;
  if (options.leaves) await leave(engine, name, notice);
  if (options.detach) {
    if (!json) context.out.line(`It stays up. End it: ${end}`);
    return;
  }
  if (!json) context.out.line(options.leaves ? `Ctrl-C leaves it up. End it: ${end}` : 'Stop with Ctrl-C.');
  const watcher = {
    incident: (incident: PartIncident): void =>
      tell(incidentRecord(incident), ...incidentLines(incident, context.out.colors)),
    notice,
  };
  const how = await watchCluster(context, engine, name, watcher, link);
  if (how === 'ended')
    tell({ type: 'notice', text: 'brought down' }, `${name} was brought down by someone else.`);
}

/** The cluster goes on without this command. That nobody watches over it is worth telling, and no reason to fail. */
async function leave(engine: Engine, name: string, notice: (text: string) => void): Promise<void> {
  try {
    await engine.leave?.(name);
  } catch (error) {
    notice(`Should its service die, it is not started again by itself: ${messageOf(error)}`);
  }
}

async function runDag(link: ClusterLink, dag: string, options: UseOptions, context: Context): Promise<void> {
  const { signal } = context.interrupts;
  const json = options.progress === 'json';
  await withProgress(context, options, (watch) => awaitDag(link, dag, new Phases(watch.progress), signal));
  // The records have standard output for themselves.
  const run = await runExample(link, dag, json ? context.err : context.out, signal);
  if (json) context.out.line(JSON.stringify({ type: 'run', ...runRecord(run) }));
  if (run.state !== 'success') context.endWith(exitCodes.runFailed);
}

/** The admin's password, for a person's own terminal; not for a file or a program that reads us. */
async function passwordToShow(name: string, { out, folders }: Context): Promise<string | undefined> {
  if (!out.interactive) return undefined;
  const { secrets } = clusterFolder(folders, name);
  return (await readFile(passwordFile({ secretsFolder: secrets }), 'utf8')).trim();
}

/** How long Airflow may take to read the DAG files before they are not waited for any more. Milliseconds. */
const readLimitMs = 20_000;

/** Says which DAGs there are once Airflow has read the files, and which files cannot be read. */
async function tellDags(link: ClusterLink, { out, interrupts }: Context): Promise<void> {
  const { signal } = interrupts;
  const limit = Date.now() + readLimitMs;
  while (!signal.aborted && Date.now() < limit) {
    const [dags, errors] = await link.ask((client) =>
      Promise.all([client.dags({ signal }), client.importErrors({ signal })]),
    );
    if (dags.length > 0 || errors.length > 0) {
      const names = dags.map(({ dag_id }) => dag_id);
      const [first = 'DAG'] = names;
      const shown =
        names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');
      out.line(
        `DAGs      ${shown || 'none'}   ${out.colors.dim(`(run one: mesos-airflow trigger ${first} --wait)`)}`,
      );
      for (const line of importErrorLines(errors, out.colors)) out.line(line);
      return;
    }
    await delay(500, undefined, { signal });
  }
}
