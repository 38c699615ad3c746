import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Container } from 'dockerode';
import { putFiles } from '../../../docker/files.ts';
import { frames } from '../../../docker/logs.ts';
import { readIfThere, writePrivateFile } from '../../../host/files.ts';

/** What decides about a migrated database: the Airflow that migrates it, and the PostgreSQL that writes and reads the dump. */
export interface TemplateKey {
  readonly airflowImageId: string;
  readonly databaseImageId: string;
}

/** Where the official image's entry point looks for what a new database begins with; one that has data passes it over. */
const beginnings = '/docker-entrypoint-initdb.d';

/** Grows when templates are made in another way. */
const opening = '-- Airflow’s tables, without anybody’s data; made by Mesos Airflow, 1\n';
const closing = '-- That was all.\n';

/** A migrated database's rows that belong to the schema: its revision, how logs are named, the pool that is always there. */
const rowsOf = ['alembic_version', 'log_template', 'slot_pool'];

/** The file in the user's cache that a template lies in, or will. */
export function templateFile(cache: string, { airflowImageId, databaseImageId }: TemplateKey): string {
  const hash = createHash('sha256').update(`${airflowImageId} ${databaseImageId}`).digest('hex');
  return path.join(cache, 'database-templates', `${hash.slice(0, 16)}.sql`);
}

/** The SQL that makes a new database one that Airflow has migrated; undefined where none was kept, or not a whole one. */
export async function readTemplate(file: string): Promise<string | undefined> {
  const text = await readIfThere(file);
  return text?.startsWith(opening) && text.endsWith(closing) ? text : undefined;
}

/** Lets a database that is made at its container's first start begin with a template, if one was kept. */
export async function giveTemplate(database: Container, file: string): Promise<boolean> {
  const content = await readTemplate(file);
  if (content === undefined) return false;
  await putFiles(database, beginnings, [{ path: 'airflow.sql', content, mode: 0o644, uid: 0, gid: 0 }]);
  return true;
}

/**
 * Keeps the tables of a migrated database for the next new one, which then needs no migration. For a database that is new:
 * one whose pools somebody has changed is left alone. Returns whether it was kept.
 */
export async function keepTemplate(
  database: Container,
  { file, name, user }: { readonly file: string; readonly name: string; readonly user: string },
  signal: AbortSignal,
): Promise<boolean> {
  const login = ['--username', user, '--dbname', name, '--no-password'];
  const pools = await output(database, ['psql', ...login, '-tAc', 'SELECT count(*) FROM slot_pool'], signal);
  if (pools?.trim() !== '1') return false;
  const dump = ['pg_dump', ...login, '--no-owner', '--no-privileges'];
  const tables = await output(database, [...dump, '--schema-only'], signal);
  const rows = await output(
    database,
    [...dump, '--data-only', ...rowsOf.map((table) => `--table=${table}`)],
    signal,
  );
  if (tables === undefined || rows === undefined) return false;
  await writePrivateFile(file, `${opening}${tables}\n${rows}\n${closing}`);
  return true;
}

/** What a program in a running container prints; undefined where it fails. */
async function output(
  container: Container,
  command: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const execution = await container.exec({
    Cmd: [...command],
    AttachStdout: true,
    AttachStderr: true,
    abortSignal: signal,
  });
  const stream = await execution.start({ abortSignal: signal });
  const printed: Buffer[] = [];
  for await (const piece of frames(stream)) if (piece.stream === 'stdout') printed.push(piece.bytes);
  const { ExitCode } = await execution.inspect();
  return ExitCode === 0 ? Buffer.concat(printed).toString('utf8') : undefined;
}
