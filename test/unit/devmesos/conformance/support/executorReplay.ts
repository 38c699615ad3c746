import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunningAgent } from '../../../../../src/devmesos/agent/start.ts';
import type { Json, JsonObject } from '../../../../../src/devmesos/json.ts';
import type { FrameworkInfo } from '../../../../../src/mesos/types.ts';
import { ExecutorStream } from '../../../../support/rawExecutor.ts';
import { json, rawRequest, RawScheduler, type RawAnswer } from '../../../../support/rawScheduler.ts';
import { until } from '../../../../support/until.ts';
import { AcceptedDifferences } from './accepted.ts';
import type { Cluster } from './cluster.ts';
import { Correspondence, type Difference } from './correspondence.ts';

/** A line of the recording. */
export interface Line {
  /** Seconds since its beginning. */
  readonly t: number;
  readonly who: string;
  readonly what: string;
  /** As they went over the wire; `b64` where they are no text. */
  readonly bytes?: string;
  readonly b64?: string;
  readonly v?: JsonObject;
}

const recordedAgent = '0cf814af-0d8e-45f7-ae61-9c2f1cbba0ee-S0';
/** In place of the recorded executor, whose calls the test makes: writes down its environment, and ends as it is told. */
const stub = 'env > env.txt; mkfifo end; read line < end; rm end; eval $line';
/** What sh itself adds to the environment, and what the recorded executor's own interpreter did. */
const notMesos = new Set(['_', 'SHLVL', 'OLDPWD', 'LC_CTYPE', 'PATH']);
/** Milliseconds for what was recorded to come. */
const patience = 20_000;
/** A call is noted behind its answer: what came so many seconds before that note came of the call. */
const noteDelay = 0.004;

/** Does what a scheduler and its executors did, and compares what comes of it. */
export class ExecutorReplay {
  readonly accepted: AcceptedDifferences;
  readonly correspondence: Correspondence;
  readonly #cluster: Cluster;
  readonly #agent: RunningAgent;
  readonly #lines: readonly Line[];
  readonly #workDir: string;
  readonly #done = new Set<Line>();
  readonly #streams = new Map<string, { stream: ExecutorStream; taken: number }[]>();
  readonly #answers = new Map<string, RawAnswer | ExecutorStream>();
  readonly #acknowledged = new Set<string>();
  readonly #usedOffers = new Set<string>();
  #scheduler: RawScheduler | undefined;
  #frameworkId = '';
  #takenEvents = new Set<object>();
  #acknowledges = true;
  #elapsed = 0;

  constructor(recording: string, lines: readonly Line[], cluster: Cluster, agent: RunningAgent) {
    this.accepted = new AcceptedDifferences(recording);
    this.#lines = lines;
    this.#cluster = cluster;
    this.#agent = agent;
    this.#workDir = path.join(cluster.folder, 'agent1', 'work');
    this.correspondence = new Correspondence([
      ['exec /opt/exec/xexec.py', stub],
      ['/var/lib/mesos/agent1/work', this.#workDir],
    ]);
  }

  /** Takes the lines of one section. */
  async play(section: readonly Line[]): Promise<void> {
    for (const line of section) await this.#take(line);
  }

  stop(): void {
    this.#scheduler?.disconnect();
    for (const held of this.#streams.values()) for (const { stream } of held) stream.disconnect();
  }

  async #take(line: Line): Promise<void> {
    if (this.#done.has(line)) return;
    this.#done.add(line);
    const { who, what } = line;
    const executor = who.replace(/^\w+ /, '');
    if (/does NOT ack|without any scheduler ack|is un-acked and one/.test(what)) this.#acknowledges = false;
    if (what === 'now acks') this.#acknowledges = true;
    if (who === 'scheduler') await this.#schedulerLine(line);
    else if (who.startsWith('executor ')) await this.#executorLine(line, executor);
    else if (who.startsWith('process ')) await this.#processLine(line, executor);
    else if (who === 'accounting') await this.#accountingLine(line);
    else if (who.startsWith('operator ')) await this.#operatorLine(line, who.endsWith('master'));
    await this.#acknowledgeAll();
  }

  async #schedulerLine(line: Line): Promise<void> {
    const { what, v, bytes } = line;
    if (what === 'request SUBSCRIBE') {
      const call = JSON.parse(bodyOf(bytes ?? '')) as { subscribe: { framework_info: FrameworkInfo } };
      this.#scheduler = await RawScheduler.subscribe(this.#cluster.url, call.subscribe.framework_info);
      this.#frameworkId = (await this.#scheduler.id()).value;
    } else if (what.startsWith('CALL ')) {
      await this.#call(line, v as JsonObject & { type: string });
    } else if (what === 'EV SUBSCRIBED') {
      const recorded = (v?.subscribed as { framework_id: { value: string } }).framework_id.value;
      this.correspondence.add(recorded, this.#frameworkId);
      this.correspondence.add(recordedAgent, await this.#agent.registered);
      this.correspondence.add('5451', String(this.#agent.port));
    } else if (/^EV (UPDATE|MESSAGE|FAILURE)$/.test(what) && v) {
      if (sourceOf(v) === 'SOURCE_MASTER') await this.#causeOf(line);
      this.#passTime(line);
      const kind = kindOf(v);
      const event = await until(
        async () => {
          await this.#acknowledgeAll();
          const events = this.#scheduler?.events as unknown as JsonObject[];
          return events.find((one) => kindOf(one) === kind && !this.#takenEvents.has(one));
        },
        { what: `${kind} (at ${line.t} s)`, limitMs: patience },
      );
      this.#takenEvents.add(event);
      this.#compare(line, v, event);
    } else if (what === 'stream closed') {
      // The master ended it, or the recorder did.
      await this.#causeOf(line);
      if (
        !this.#scheduler?.closed &&
        !this.#next(line, ({ what: later }) => later.startsWith('CALL TEARDOWN'))
      ) {
        this.#scheduler?.disconnect();
        await until(async () => {
          const { body } = await rawRequest(`${this.#cluster.url}/frameworks`, 'GET');
          return body.includes('"connected":false');
        });
      }
    }
  }

  async #call(line: Line, recorded: JsonObject & { type: string }): Promise<void> {
    const call = JSON.parse(this.correspondence.translate(JSON.stringify(recorded))) as typeof recorded;
    const accept = call.accept as { offer_ids: unknown } | undefined;
    const body = accept ? { ...call, accept: { ...accept, offer_ids: await this.#allOffers() } } : call;
    if (call.type === 'ACKNOWLEDGE') this.#acknowledges = true;
    const { status } = await this.#scheduler!.call(body);
    if (accept)
      await until(() => this.#agentKnowsAll(), { what: 'the tasks on the agent', limitMs: patience });
    this.#compare(line, { status: Number(/-> (\d+)/.exec(line.what)?.[1]) }, { status });
  }

  /** Whether all tasks that the master launched have come to the agent. */
  async #agentKnowsAll(): Promise<boolean> {
    const [launched, known] = await Promise.all([
      this.#tasksOf(this.#cluster.url),
      this.#tasksOf(this.#agent.url),
    ]);
    const there = new Set(
      Object.values(known).flatMap((tasks = []) => tasks.map(({ task_id }) => task_id.value)),
    );
    return (launched.tasks ?? []).every(
      ({ task_id, state }) => state !== 'TASK_STAGING' || there.has(task_id.value),
    );
  }

  /** What was acknowledged is on its way to the agent: what is said to it next is said when it is there. */
  async #settle(): Promise<void> {
    if (!this.#acknowledges) return;
    await until(
      async () => {
        await this.#acknowledgeAll();
        return (await this.#tasksOf(this.#agent.url)).terminated_tasks?.length === 0;
      },
      { what: "the acknowledgements' arrival", limitMs: patience },
    );
  }

  async #tasksOf(url: string): Promise<Tasks> {
    const { body } = await rawRequest(`${url}/api/v1`, 'POST', json, '{"type":"GET_TASKS"}');
    return (JSON.parse(body) as { get_tasks: Tasks }).get_tasks;
  }

  async #executorLine(line: Line, executor: string): Promise<void> {
    const { what } = line;
    const held = this.#streams.get(executor) ?? [];
    this.#streams.set(executor, held);
    if (what.startsWith('request ')) {
      await this.#request(line, executor, held);
    } else if (what === 'response' || what === 'response head') {
      const answer = this.#answers.get(executor)!;
      const [head = '', body = ''] = (line.bytes ?? '').split('\r\n\r\n');
      this.#compare(line, headOf(head, body), {
        status: answer.status,
        type: answer.headers['content-type'],
        allow: answer.headers.allow,
        body: answer instanceof ExecutorStream ? '' : answer.body,
      });
    } else if (what === 'chunk') {
      await this.#causeOf(line);
      this.#passTime(line);
      const current = held.at(-1)!;
      const event = await until(() => current.stream.events[current.taken], {
        what: `an event for ${executor} (at ${line.t} s)`,
        limitMs: patience,
      });
      current.taken += 1;
      this.#compare(line, JSON.parse((line.bytes ?? '').replace(/^\d+\n/, '')) as Json, event as JsonObject);
    } else if (what.startsWith('stream: terminating')) {
      const over = await until(() => held.find(({ stream }) => stream.ended), {
        what: 'the end of a stream',
        limitMs: patience,
      });
      held.splice(held.indexOf(over), 1);
    } else if (what.startsWith('stream: connection closed')) {
      held.pop()?.stream.disconnect();
    }
  }

  async #request(
    line: Line,
    executor: string,
    held: { stream: ExecutorStream; taken: number }[],
  ): Promise<void> {
    await this.#settle();
    const bytes = line.bytes ?? Buffer.from(line.b64 ?? '', 'base64').toString('latin1');
    const [head = ''] = bytes.split('\r\n\r\n');
    const [, method = '', target = ''] = /^(\S+) (\S+)/.exec(head) ?? [];
    const headers = Object.fromEntries(
      [...head.matchAll(/^(Content-Type|Accept): (.*?)\r?$/gm)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    );
    const url = `${this.#agent.url}${target}`;
    const isText = line.bytes !== undefined;
    const body = isText ? this.correspondence.translate(bodyOf(bytes)) : Buffer.from(bodyOf(bytes), 'latin1');
    const next = this.#next(line, (later) => later.who === line.who && later.what.startsWith('response'));
    if (next?.what === 'response head') {
      const stream = await ExecutorStream.open(url, headers, String(body));
      held.push({ stream, taken: 0 });
      this.#answers.set(executor, stream);
    } else {
      this.#answers.set(executor, await rawRequest(url, method, headers, body));
    }
  }

  async #processLine(line: Line, executor: string): Promise<void> {
    const sandbox = path.join(
      ...[this.#workDir, 'slaves', await this.#agent.registered, 'frameworks', this.#frameworkId],
      ...['executors', executor, 'runs', 'latest'],
    );
    const fifo = path.join(sandbox, 'end');
    if (line.what === 'start') {
      await until(() => stat(fifo), { what: `the start of ${executor}`, limitMs: patience });
      const env = environmentOf(await readFile(path.join(sandbox, 'env.txt'), 'utf8'));
      this.#compare(line, withoutOwn((line.v as { env: JsonObject }).env), withoutOwn(env));
    } else if (line.what.startsWith('process gone')) {
      const failure = this.#next(
        line,
        ({ what, v }) => what === 'EV FAILURE' && failedExecutor(v) === executor,
      );
      const { status } = (failure?.v?.failure ?? { status: 0 }) as { status: number };
      const byItself = this.#next(line, ({ what }) =>
        /un-acked updates keep|9c: executor subscribed/.test(what),
      );
      if (status !== 9 && executor !== 'td2') await writeFile(fifo, `exit ${status >> 8}\n`);
      else if (byItself && ['kk', 'e9'].includes(executor)) await writeFile(fifo, 'kill -9 $$\n');
      else if (executor === 'td2') this.#passTime(line);
    }
  }

  async #operatorLine(line: Line, ofMaster: boolean): Promise<void> {
    const recorded = line.v;
    const type = /^GET_[A-Z]+/.exec(line.what)?.[0];
    if (type === undefined || !recorded) return;
    this.#passTime(line);
    const url = `${ofMaster ? this.#cluster.url : this.#agent.url}/api/v1`;
    const frameworks = [this.#recordedFramework, this.#frameworkId];
    const ask = async (): Promise<JsonObject> => {
      const { body } = await rawRequest(url, 'POST', json, JSON.stringify({ type }));
      return own(JSON.parse(body) as JsonObject, frameworks) as JsonObject;
    };
    const expected = own(recorded, frameworks) as JsonObject;
    let ours = await ask();
    // What goes on behind an answer may still be under way.
    const limit = Date.now() + (type === 'GET_CONTAINERS' ? 0 : patience);
    while (this.correspondence.wouldDiffer(expected, ours) && Date.now() < limit) ours = await ask();
    this.#compare(line, expected, ours);
    if (line.what.includes('(t4)')) this.#acknowledges = true;
  }

  /** What of the agent is used, and what of it is offered. */
  async #accountingLine(line: Line): Promise<void> {
    this.#passTime(line);
    const recorded = amounts(line.v?.['agent.allocated'], line.v?.offered_sum);
    const ask = async (): Promise<JsonObject> => {
      this.#cluster.master.clock.advance(1000);
      const { body } = await rawRequest(`${this.#cluster.url}/slaves`, 'GET');
      const [agent] = (JSON.parse(body) as { slaves: Use[] }).slaves;
      return amounts(agent?.used_resources, agent?.offered_resources);
    };
    let ours = await ask();
    const limit = Date.now() + patience;
    while (this.correspondence.wouldDiffer(recorded, ours) && Date.now() < limit) ours = await ask();
    this.#compare(line, recorded, ours);
  }

  get #recordedFramework(): string {
    const subscribed = this.#lines
      .filter((line) => this.#done.has(line) && line.what === 'EV SUBSCRIBED')
      .at(-1);
    return (subscribed?.v?.subscribed as { framework_id: { value: string } }).framework_id.value;
  }

  /** The call that a line comes of, where that was noted behind it: made first. */
  async #causeOf(line: Line): Promise<void> {
    const action = this.#next(line, ({ what }) => /^(CALL|request) /.test(what));
    if (action?.what.startsWith('CALL ') && action.t - line.t < noteDelay) await this.#take(action);
  }

  #next(line: Line, isIt: (later: Line) => boolean): Line | undefined {
    return this.#lines
      .slice(this.#lines.indexOf(line) + 1)
      .find((later) => !this.#done.has(later) && isIt(later));
  }

  /** Agents' time goes on to where it was when a line was noted. */
  #passTime({ t }: Line): void {
    const due = t * 1000 - this.#elapsed;
    if (due <= 0) return;
    this.#elapsed = t * 1000;
    this.#cluster.advance(due);
  }

  async #acknowledgeAll(): Promise<void> {
    const scheduler = this.#scheduler;
    if (!this.#acknowledges || !scheduler || scheduler.closed) return;
    for (const status of scheduler.updates()) {
      if (status.uuid === undefined || this.#acknowledged.has(status.uuid)) continue;
      this.#acknowledged.add(status.uuid);
      await scheduler.acknowledge(status);
    }
  }

  /** Ids of open offers that hold together all that nobody uses. */
  async #allOffers(): Promise<{ value: string }[]> {
    const scheduler = this.#scheduler!;
    const offers = await until(
      async () => {
        this.#cluster.master.clock.advance(1000);
        const { body } = await rawRequest(`${this.#cluster.url}/slaves`, 'GET');
        const [{ resources, used_resources: used, offered_resources: offered } = nothing] = (
          JSON.parse(body) as { slaves: Use[] }
        ).slaves;
        const isAll = Math.abs(resources.cpus - used.cpus - offered.cpus) < 1e-6 && offered.cpus > 0;
        const open = scheduler.offers.filter(({ id }) => !this.#usedOffers.has(id.value));
        const sum = open
          .flatMap((offer) => offer.resources ?? [])
          .filter(({ name }) => name === 'cpus')
          .reduce((total, { scalar }) => total + (scalar?.value ?? 0), 0);
        return isAll && Math.abs(sum - offered.cpus) < 1e-6 && open;
      },
      { what: 'offers of all that is free', limitMs: patience },
    );
    for (const { id } of offers) this.#usedOffers.add(id.value);
    return offers.map(({ id }) => id);
  }

  #compare(line: Line, recorded: Json | undefined, ours: Json | undefined): void {
    const found: Difference[] = this.correspondence.differences(recorded, ours);
    this.accepted.assertNone(`${line.who}: ${line.what}`, found);
  }
}

function amounts(used: unknown, offered: unknown): JsonObject {
  const of = (held: unknown): JsonObject => {
    const { cpus = 0, mem = 0 } = (held ?? {}) as { cpus?: number; mem?: number };
    return { cpus: Math.round(cpus * 1000), mem };
  };
  return { used: of(used), offered: of(offered) };
}

/** By list. */
type Tasks = Partial<
  Record<string, { readonly task_id: { readonly value: string }; readonly state: string }[]>
>;

interface Use {
  readonly resources: { readonly cpus: number };
  readonly used_resources: { readonly cpus: number };
  readonly offered_resources: { readonly cpus: number };
}
const nothing: Use = { resources: { cpus: 0 }, used_resources: { cpus: 0 }, offered_resources: { cpus: 0 } };

function bodyOf(bytes: string): string {
  return bytes.slice(bytes.indexOf('\r\n\r\n') + 4);
}

function headOf(head: string, body: string): JsonObject {
  const header = (name: string): string | undefined =>
    new RegExp(`^${name}: (.*?)\\r?$`, 'm').exec(head)?.[1];
  return {
    status: Number(/^HTTP\/1.1 (\d+)/.exec(head)?.[1]),
    type: header('Content-Type'),
    allow: header('Allow'),
    body,
  };
}

function failedExecutor(event: JsonObject | undefined): string | undefined {
  return (event?.failure as { executor_id?: { value: string } } | undefined)?.executor_id?.value;
}

/** By what an event is found again. */
function kindOf(event: JsonObject): string {
  const status = (event.update as { status: { task_id: { value: string }; state: string } } | undefined)
    ?.status;
  return JSON.stringify([event.type, status?.task_id.value, status?.state, failedExecutor(event)]);
}

function sourceOf(event: JsonObject): string | undefined {
  return (event.update as { status: { source: string } } | undefined)?.status.source;
}

function environmentOf(text: string): JsonObject {
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

function withoutOwn(env: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !notMesos.has(name)));
}

/** Of the lists in an answer what is of these frameworks, in the order of the ids; without those that are empty then. */
function own(value: Json, frameworks: readonly string[]): Json | undefined {
  if (Array.isArray(value)) {
    const items = (value as readonly JsonObject[]).filter((item) => frameworks.includes(frameworkOf(item)));
    return items.length > 0 ? [...items].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)) : undefined;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [name, own(held ?? null, frameworks)]),
  );
}

function frameworkOf(item: JsonObject): string {
  const { framework_id } = (item.executor_info ?? item) as { framework_id?: { value: string } };
  return framework_id?.value ?? '';
}

function orderOf(item: JsonObject): string {
  const { task_id, executor_id } = (item.executor_info ?? item) as Record<
    string,
    { value: string } | undefined
  >;
  return task_id?.value ?? executor_id?.value ?? '';
}
