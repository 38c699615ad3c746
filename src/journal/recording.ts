import { Encoder } from './encoder.ts';
import type { Json } from './delta.ts';
import { NothingRecorded } from './errors.ts';
import type { Line } from './lines.ts';
import { stepsOf, type Step } from './steps.ts';

/** How a file of a recording ends in its name. */
export const recordingSuffix = '.mesos-airflow.jsonl.gz';

/** Replaces what others are not to read. Taught all values before the first is masked. */
export interface Mask {
  /** What is replaced, for whoever reads the file: a few words each. */
  readonly what: readonly string[];
  learn(value: Json): void;
  key(key: string): string;
  value(value: Json): Json;
  cluster(name: string): string;
}

export interface RecordingOptions {
  /** How errors name where it comes from. */
  readonly what: string;
  /** The version of this program. */
  readonly program: string;
  /** Milliseconds since the epoch: what was before is left out. */
  readonly since: number;
  readonly now: number;
  readonly mask?: Mask | undefined;
}

export interface Recorded {
  readonly cluster: string;
  readonly from: number;
  readonly to: number;
  /** Changes that it has. */
  readonly changes: number;
}

/**
 * Makes a recording of a journal, a text at a time. `read` is called twice: what is to be masked must be known before the
 * first text. Throws NothingRecorded, NotARecording, NewerRecording.
 */
export async function* recordingOf(
  read: () => AsyncIterable<Uint8Array>,
  options: RecordingOptions,
): AsyncGenerator<string, Recorded, undefined> {
  const { what, since, mask } = options;
  const found = await survey(read(), what, since, mask);
  if (!found) throw new NothingRecorded(what, 'nothing was written down in that time');
  // A journal's own times end with its last change; that nothing changed since is known until now.
  const to = Math.max(found.to, options.now);
  const from = Math.max(found.from, since);
  const encoder = new Encoder();
  const cluster = mask?.cluster(found.cluster) ?? found.cluster;
  const masked = mask ? { masked: [...mask.what] } : {};
  yield encoder.header({ program: options.program, cluster, at: options.now, from, to, ...masked });
  let changes = 0;
  let steps = 0;
  for await (const step of stepsOf(read(), what)) {
    steps += 1;
    if (steps < found.stepsBefore) continue;
    if (steps === found.stepsBefore) {
      // All that came before, as it was when the recording begins.
      yield encoder.all(from, maskedAll(step.state.values, mask));
      continue;
    }
    const text = textOf(step, encoder, mask);
    if (text !== '') changes += 1;
    yield text;
  }
  yield encoder.end(to);
  return { cluster, from, to, changes };
}

interface Survey {
  readonly cluster: string;
  readonly from: number;
  readonly to: number;
  /** How many lines are older than the recording is to be. */
  readonly stepsBefore: number;
}

async function survey(
  bytes: AsyncIterable<Uint8Array>,
  what: string,
  since: number,
  mask: Mask | undefined,
): Promise<Survey | undefined> {
  let found: Survey | undefined;
  for await (const { line, state, changed, header } of stepsOf(bytes, what)) {
    const before = found?.stepsBefore ?? 0;
    found = {
      cluster: header.cluster,
      from: found?.from ?? line.at,
      to: line.at,
      stepsBefore: line.at < since ? before + 1 : before,
    };
    if (mask) for (const key of changed) learn(mask, state.values.get(key));
  }
  return found;
}

function learn(mask: Mask, value: Json | undefined): void {
  if (value !== undefined) mask.learn(value);
}

function textOf({ line, changed, state }: Step, encoder: Encoder, mask: Mask | undefined): string {
  if (line.kind === 'all') return encoder.all(line.at, maskedAll(state.values, mask));
  return changed.map((key) => changeOf(line, key, state.values.get(key), encoder, mask)).join('');
}

function changeOf(
  { at }: Extract<Line, { readonly at: number }>,
  key: string,
  value: Json | undefined,
  encoder: Encoder,
  mask: Mask | undefined,
): string {
  const name = mask?.key(key) ?? key;
  return value === undefined ? encoder.drop(at, name) : encoder.set(at, name, mask?.value(value) ?? value);
}

function maskedAll(values: ReadonlyMap<string, Json>, mask: Mask | undefined): ReadonlyMap<string, Json> {
  if (!mask) return values;
  return new Map([...values].map(([key, value]) => [mask.key(key), mask.value(value)]));
}
