import fs from 'node:fs/promises';
import path from 'node:path';
import type { Container } from 'dockerode';
import * as z from 'zod/mini';
import { compareVersions } from '../../../airflow/versions.ts';
import { daemonMessage } from '../../../docker/daemonError.ts';
import { lastLogLines } from '../../../docker/logs.ts';
import { ExplainedError } from '../../../host/errors.ts';
import { labels } from '../labels.ts';
import type { ImageContext } from './context.ts';

/** The person's image cannot run Airflow's components of a cluster. */
export class UnfitAirflowImage extends ExplainedError {
  override readonly name = 'UnfitAirflowImage';
  /** Each a sentence. */
  readonly lacks: readonly string[];

  constructor(image: string, lacks: readonly string[]) {
    super(`The image ${image} cannot run this cluster's Airflow`, {
      why: lacks.join(' '),
      next: `Build one with it and name that: --airflow-image. Start from apache/airflow, which has all of it, or leave the setting out: then one is built.`,
    });
    this.lacks = lacks;
  }
}

/** What cluster/airflow/image/probe.py tells. */
const answer = z.object({
  python: z.string(),
  version: z.string(),
  implementation: z.string(),
  airflow: z.nullable(z.string()),
  drivers: z.array(z.string()),
  site_folder: z.nullable(z.string()),
});
export type ProbeAnswer = z.infer<typeof answer>;

export interface OwnImage {
  readonly python: string;
  readonly airflowVersion: string;
  /** Where Airflow lies, if it is found only by a process whose home is that of the image's user. */
  readonly siteFolder: string | undefined;
}

/** Of Airflow and Python, what our package is made for: from the one (inclusive) to the other (exclusive). */
const airflowVersions = ['3.3', '3.4'] as const;
const oldestPython = '3.11';

/** How long the probe may take, in milliseconds: on an emulated processor Python needs its time. */
const limitMs = 120_000;

/** Looks into an image that is there. Throws UnfitAirflowImage with all that it lacks. */
export async function checkAirflowImage(ctx: ImageContext, image: string): Promise<OwnImage> {
  const script = await fs.readFile(path.join(ctx.program.images, 'airflow', 'image', 'probe.py'), 'utf8');
  const { lines, status } = await runOnce(ctx, image, [
    'sh',
    '-c',
    // What the image's own users get when they type `python`.
    'python=$(command -v python || command -v python3) || exit 127; exec "$python" -c "$0"',
    script,
  ]);
  if (status === 127) throw new UnfitAirflowImage(image, ['It has neither python nor python3 on its PATH.']);
  const told = status === 0 ? answerIn(lines.at(-1) ?? '') : undefined;
  if (!told) {
    throw new UnfitAirflowImage(image, [
      `Its Python could not be asked (exit status ${status}): ${lines.slice(-3).join(' ') || 'it said nothing'}.`,
    ]);
  }
  const lacks = lacksOf(told);
  if (lacks.length > 0 || told.airflow === null) throw new UnfitAirflowImage(image, lacks);
  return { python: told.python, airflowVersion: told.airflow, siteFolder: told.site_folder ?? undefined };
}

/** What the probe's answer lacks, a sentence each. */
export function lacksOf({ airflow, drivers, implementation, python, version }: ProbeAnswer): string[] {
  const lacks: string[] = [];
  if (implementation !== 'CPython') lacks.push(`Its ${python} is ${implementation}, not CPython.`);
  if (compareVersions(version, oldestPython) < 0) {
    lacks.push(`Its ${python} is Python ${version}; ${oldestPython} or newer is needed.`);
  }
  const [from, to] = airflowVersions;
  if (airflow === null) lacks.push(`Its ${python} has no Airflow (pip install apache-airflow).`);
  else if (compareVersions(airflow, from) < 0 || compareVersions(airflow, to) >= 0) {
    lacks.push(`It has Airflow ${airflow}; this runs ${from}.`);
  }
  const distributions = { psycopg2: 'psycopg2-binary', asyncpg: 'asyncpg' };
  const missing = Object.entries(distributions).filter(([module]) => !drivers.includes(module));
  if (missing.length > 0) {
    const names = missing.map(([, name]) => name).join(' ');
    lacks.push(`It has no ${names.replace(' ', ' and no ')} for the database (pip install ${names}).`);
  }
  return lacks;
}

function answerIn(line: string): ProbeAnswer | undefined {
  try {
    return answer.parse(JSON.parse(line));
  } catch {
    // Whatever else a program called python has printed.
    return undefined;
  }
}

async function runOnce(
  ctx: ImageContext,
  image: string,
  command: string[],
): Promise<{ status: number; lines: string[] }> {
  const limit = AbortSignal.any([ctx.signal, AbortSignal.timeout(limitMs)]);
  const [program = '', ...args] = command;
  const container = await ctx.engine.docker.createContainer({
    Image: image,
    Entrypoint: [program],
    Cmd: args,
    Labels: { [labels.image]: 'probe' },
    // It is not ours yet: it gets nothing but the processor.
    HostConfig: { NetworkMode: 'none', CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'] },
    Healthcheck: { Test: ['NONE'] },
  });
  try {
    const status = await startAndWait(container, image, limit);
    return { status, lines: await lastLogLines(container, 20, limit) };
  } finally {
    await container.remove({ force: true, v: true });
  }
}

async function startAndWait(container: Container, image: string, signal: AbortSignal): Promise<number> {
  try {
    await container.start();
  } catch (error) {
    signal.throwIfAborted();
    throw new UnfitAirflowImage(image, [`No program of it can be run here: ${daemonMessage(error)}.`]);
  }
  const ended = z.object({ StatusCode: z.number() });
  return ended.parse(await container.wait({ abortSignal: signal })).StatusCode;
}
