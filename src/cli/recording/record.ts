import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { connect, findCluster } from '../../client/discover.ts';
import { ServiceProblem } from '../../client/errors.ts';
import { checkName } from '../../engines/settings.ts';
import { codeOf } from '../../host/errors.ts';
import { RecordingMask } from '../../journal/mask/mask.ts';
import { recordingOf, recordingSuffix, type Recorded } from '../../journal/recording.ts';
import { journalBytes } from '../../journal/segments.ts';
import { noSuchCluster } from '../engine.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { version } from '../version.ts';

export interface RecordOptions {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Undefined: in the current folder, named by cluster and time. */
  readonly output: string | undefined;
  readonly mask: 'machines' | 'names' | 'nothing';
}

export interface Saved extends Recorded {
  readonly file: string;
  readonly bytes: number;
  /** What was replaced, a few words each; empty where nothing was. */
  readonly masked: readonly string[];
}

/** Writes what happened in a cluster into one file, which `replay` shows. Throws where the file is there, or nothing is recorded. */
export async function record(options: RecordOptions, context: Context, now = Date.now()): Promise<Saved> {
  const name = checkName(options.name);
  const journal = await journalOf(name, options.since, context);
  const file = path.resolve(context.cwd, options.output ?? fileName(name, now));
  const mask = options.mask === 'nothing' ? undefined : maskOf(options.mask === 'names');
  const texts = recordingOf(() => piecesOf(journal), {
    what: `The journal of ${name}`,
    program: version,
    since: options.since,
    now,
    mask,
  });
  const { handle, temporary } = await openBeside(file);
  let recorded: Recorded | undefined;
  const whole = async function* (): AsyncGenerator<string, void, undefined> {
    for (let next = await texts.next(); ; next = await texts.next()) {
      if (next.done) {
        recorded = next.value;
        return;
      }
      yield next.value;
    }
  };
  try {
    await pipeline(whole, createGzip({ level: 9 }), handle.createWriteStream());
    // Never in the place of another file, whoever made it meanwhile.
    await fs.link(temporary, file);
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? isThere(file) : error;
  } finally {
    await handle.close().catch(() => undefined);
    await fs.rm(temporary, { force: true });
  }
  if (!recorded) throw new Error('the recording has no end');
  return { ...recorded, file, bytes: (await fs.stat(file)).size, masked: mask?.what ?? [] };
}

/** The journal as gzip: from the service, which may be in a container; of an embedded cluster that is down from its folder. */
async function journalOf(name: string, since: number, context: Context): Promise<Buffer> {
  const cluster = await findCluster(name, context.folders);
  if (!cluster) throw noSuchCluster(name);
  if (cluster.state === 'running') {
    const { client } = await connect(cluster, context.interrupts.signal);
    try {
      return await client.journal(since, { signal: context.interrupts.signal });
    } catch (error) {
      if (!(error instanceof ServiceProblem) || error.status !== 404) throw error;
      throw new CommandError(exitCodes.failed, `The service of ${name} keeps no journal`, {
        why: 'it was started by an older version of Mesos Airflow',
        next: 'Bring the cluster down and up again: what happens from then on is kept.',
      });
    }
  }
  if (cluster.spec?.engine === 'docker') {
    throw new CommandError(exitCodes.noCluster, `The cluster ${name} is not running`, {
      why: 'its journal lies in a volume of Docker, and the service reads it',
      next: `Start it: mesos-airflow up --name ${name}`,
    });
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of journalBytes(cluster.folder.journal, since)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Uint8Array, void, undefined> {
  const size = 256 * 1024;
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

function maskOf(names: boolean): RecordingMask {
  const { username, homedir } = os.userInfo();
  return new RecordingMask({ names, known: { host: os.hostname(), user: username, home: homedir } });
}

function fileName(cluster: string, now: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  return `${cluster}-${time}${recordingSuffix}`;
}

async function openBeside(file: string): Promise<{ handle: fs.FileHandle; temporary: string }> {
  if (
    await fs.access(file).then(
      () => true,
      () => false,
    )
  )
    throw isThere(file);
  const digest = createHash('sha256').update(`${file} ${process.pid}`).digest('hex').slice(0, 8);
  const temporary = `${file}.${digest}.tmp`;
  try {
    return { handle: await fs.open(temporary, 'w', 0o600), temporary };
  } catch (error) {
    throw new CommandError(exitCodes.failed, `${file} cannot be written`, {
      why: error instanceof Error ? error.message : String(error),
      next: 'Give another place: --output FILE',
    });
  }
}

function isThere(file: string): CommandError {
  return new CommandError(exitCodes.usage, `${file} is there already`, { next: 'Give another --output.' });
}
