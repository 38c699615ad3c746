import { setTimeout as delay } from 'node:timers/promises';
import type * as z from 'zod/mini';
import * as answers from './answers.ts';
import type { AirflowHealth, Dag, DagParam, DagRun, DagTask, TaskInstance } from './answers.ts';
import * as forCopies from './forCopies.ts';
import { request, type HttpRequest } from './http.ts';
import { toImportError, type ImportError } from './importError.ts';

/** Airflow answered with a status of 400 or above, or with something that it should not. */
export class AirflowHttpError extends Error {
  readonly status: number;
  /** Airflow's own words. */
  readonly detail: string;
  constructor(what: string, status: number, detail: string) {
    super(`${what}: ${status} ${detail}`);
    this.name = 'AirflowHttpError';
    this.status = status;
    this.detail = detail;
  }
}

export interface AirflowClientOptions {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly username: string;
  /** Asked for when a token is needed, so that it stays in its file until then. */
  readonly password: () => Promise<string>;
  /** Milliseconds for one request; default 30 000. */
  readonly timeoutMs?: number;
}

export interface TriggerOptions {
  readonly conf?: Readonly<Record<string, unknown>> | undefined;
  /** Default: Airflow makes one. */
  readonly run_id?: string | undefined;
  /** A paused DAG's run would wait for ever. Default true. */
  readonly unpause?: boolean | undefined;
}

export interface ClearOptions {
  /** Which tasks; without a map index all of a mapped one. Default: all of the run. */
  readonly tasks?:
    readonly { readonly task_id: string; readonly map_index?: number | undefined }[] | undefined;
  /** Only those of them that failed. */
  readonly onlyFailed: boolean;
  /** What depends on them as well. */
  readonly downstream: boolean;
  /** Say what would be cleared, and clear nothing. */
  readonly dryRun: boolean;
}

/** Which task instance; `TaskInstance` is one. */
export interface TaskInstanceId {
  readonly dag_id: string;
  readonly run_id: string;
  readonly task_id: string;
  readonly map_index: number;
}

/** Newest first. */
export interface DagRunPage {
  readonly runs: readonly DagRun[];
  /** How many there are, these included. */
  readonly total: number;
}

const pageSize = 100;

/** Airflow's REST API v2 with the simple auth manager. Every method throws AirflowHttpError or AirflowUnreachableError. */
export class AirflowClient {
  readonly #options: AirflowClientOptions;
  #token: Promise<string> | undefined;

  constructor(options: AirflowClientOptions) {
    this.#options = options;
  }

  /** The states of all components, as the api-server sees them; needs no login. */
  async health(signal?: AbortSignal): Promise<AirflowHealth> {
    const path = '/api/v2/monitor/health';
    const answer = await request(this.#options.url + path, { timeoutMs: 5000, signal });
    return read(`GET ${path}`, answers.health, answer);
  }

  /**
   * Makes the api-server build its execution API, which it does at the first request (some 9 s on two cores): a task's
   * process gives up after 5 s, so that the first task would seem to hang.
   */
  async warmUp(signal?: AbortSignal): Promise<void> {
    const path = '/execution/health';
    const answer = await request(this.#options.url + path, { timeoutMs: 120_000, signal });
    if (answer.status !== 200) throw refusal(`GET ${path}`, answer);
  }

  /** A bearer token of the admin (Airflow's UI takes it as the cookie `_token`). Kept until `renew`. */
  async token(renew = false): Promise<string> {
    if (renew) this.#token = undefined;
    this.#token ??= this.#login();
    try {
      return await this.#token;
    } catch (error) {
      this.#token = undefined;
      throw error;
    }
  }

  /** All that can be loaded, and those whose file was loaded before and cannot be now. */
  async dags(signal?: AbortSignal): Promise<Dag[]> {
    const all = await this.#pages(async (offset) => {
      const page = await this.#get(
        `/api/v2/dags?limit=${pageSize}&offset=${offset}&order_by=dag_id&exclude_stale=false`,
        answers.dags,
        signal,
      );
      return { items: page.dags, total: page.total_entries };
    });
    return all.filter(({ stale, has_import_errors }) => !stale || has_import_errors);
  }

  async importErrors(signal?: AbortSignal): Promise<ImportError[]> {
    return this.#pages(async (offset) => {
      const page = await this.#get(
        `/api/v2/importErrors?limit=${pageSize}&offset=${offset}&order_by=id`,
        answers.importErrors,
        signal,
      );
      return { items: page.import_errors.map(toImportError), total: page.total_entries };
    });
  }

  async setPaused(dagId: string, paused: boolean, signal?: AbortSignal): Promise<void> {
    const path = `/api/v2/dags/${encodeURIComponent(dagId)}`;
    await insist(() => this.#call('PATCH', path, { is_paused: paused }, signal), signal);
  }

  /** Starts a run now, without a logical date. 404: no such DAG; 409: the run id is taken. */
  async trigger(dagId: string, options: TriggerOptions = {}, signal?: AbortSignal): Promise<DagRun> {
    const path = `/api/v2/dags/${encodeURIComponent(dagId)}/dagRuns`;
    const runId = options.run_id ?? manualRunId(new Date());
    const body = { logical_date: null, conf: options.conf ?? {}, dag_run_id: runId };
    const run = await insist(async (isAgain) => {
      try {
        return read(`POST ${path}`, answers.dagRun, await this.#call('POST', path, body, signal));
      } catch (error) {
        // The first try went through after all.
        if (isAgain && isStatus(error, 409)) return this.dagRun(dagId, runId, signal);
        throw error;
      }
    }, signal);
    // Only now: a trigger that Airflow refuses leaves the DAG as it was, and a schedule of its own asleep.
    if (options.unpause ?? true) await this.setPaused(dagId, false, signal);
    return run;
  }

  /**
   * Forgets how task instances of a run ended, so that Airflow runs them again; returns them as they are after it (a
   * dry run: as they are). Running ones are ended first. 404: no such DAG or run.
   */
  async clear(
    dagId: string,
    runId: string,
    options: ClearOptions,
    signal?: AbortSignal,
  ): Promise<TaskInstance[]> {
    const path = `/api/v2/dags/${encodeURIComponent(dagId)}/clearTaskInstances`;
    const body = {
      dry_run: options.dryRun,
      dag_run_id: runId,
      only_failed: options.onlyFailed,
      include_downstream: options.downstream,
      reset_dag_runs: true,
      ...(options.tasks ? { task_ids: options.tasks.map(clearedTask) } : {}),
    };
    const answer = await insist(() => this.#call('POST', path, body, signal), signal);
    return read(`POST ${path}`, answers.taskInstances, answer).task_instances;
  }

  async dagRun(dagId: string, runId: string, signal?: AbortSignal): Promise<DagRun> {
    return this.#get(
      `/api/v2/dags/${encodeURIComponent(dagId)}/dagRuns/${encodeURIComponent(runId)}`,
      answers.dagRun,
      signal,
    );
  }

  /** A DAG's runs, newest first. */
  async dagRuns(dagId: string, limit = pageSize, signal?: AbortSignal): Promise<DagRun[]> {
    return [...(await this.dagRunPage(dagId, limit, signal)).runs];
  }

  /** A DAG's newest runs, and how many it has. */
  async dagRunPage(dagId: string, limit: number, signal?: AbortSignal): Promise<DagRunPage> {
    return this.#runs(encodeURIComponent(dagId), { limit: String(limit) }, signal);
  }

  /** The newest 100 runs of all DAGs; of those that changed since, where that is given (milliseconds since the epoch). */
  async newestRuns(changedSince?: number, signal?: AbortSignal): Promise<DagRunPage> {
    const since = changedSince === undefined ? {} : { updated_at_gte: new Date(changedSince).toISOString() };
    return this.#runs('~', { limit: String(pageSize), ...since }, signal);
  }

  /** Runs of any DAG in a state, the newest 100. */
  async runsIn(state: 'queued' | 'running', signal?: AbortSignal): Promise<readonly DagRun[]> {
    return (await this.#runs('~', { limit: String(pageSize), state }, signal)).runs;
  }

  /** The newest run of each DAG that has one. */
  async latestRuns(dagIds: readonly string[], signal?: AbortSignal): Promise<Map<string, DagRun>> {
    const latest = new Map<string, DagRun>();
    if (dagIds.length === 0) return latest;
    const page = await this.newestRuns(undefined, signal);
    for (const run of page.runs) if (!latest.has(run.dag_id)) latest.set(run.dag_id, run);
    if (page.total > page.runs.length) {
      // Busy DAGs filled the page: the quiet ones are asked for one by one.
      for (const dagId of dagIds.filter((id) => !latest.has(id))) {
        const [run] = await this.dagRuns(dagId, 1, signal);
        if (run) latest.set(dagId, run);
      }
    }
    return latest;
  }

  /** The parameters that a DAG declares, with their defaults. 404: no such DAG. */
  async dagParams(dagId: string, signal?: AbortSignal): Promise<DagParam[]> {
    const path = `/api/v2/dags/${encodeURIComponent(dagId)}/details`;
    return (await this.#get(path, answers.dagDetails, signal)).params;
  }

  /** The tasks of a DAG as it is now, and what depends on what. 404: no such DAG. */
  async dagTasks(dagId: string, signal?: AbortSignal): Promise<DagTask[]> {
    const path = `/api/v2/dags/${encodeURIComponent(dagId)}/tasks`;
    return (await this.#get(path, answers.dagTasks, signal)).tasks;
  }

  /**
   * All task instances of a run, mapped ones included, each with its present try. Asked by GET: Airflow writes each
   * POST to …/taskInstances/list into its audit log, and does so in the api-server's event loop, where with SQLite it
   * waits for a lock whose holder waits for that loop: every request then hangs for 30 s.
   */
  async taskInstances(dagId: string, runId: string, signal?: AbortSignal): Promise<TaskInstance[]> {
    const path = `/api/v2/dags/${encodeURIComponent(dagId)}/dagRuns/${encodeURIComponent(runId)}/taskInstances`;
    return this.#pages(async (offset) => {
      const page = await this.#get(
        `${path}?limit=${pageSize}&offset=${offset}&order_by=id`,
        answers.taskInstances,
        signal,
      );
      return { items: page.task_instances, total: page.total_entries };
    });
  }

  /** The present state of these task instances, wherever they belong; those that Airflow doesn't know are left out. */
  async taskInstancesOf(ids: readonly TaskInstanceId[], signal?: AbortSignal): Promise<TaskInstance[]> {
    const wanted = new Set(ids.map(nameOf));
    const runs = new Map(
      ids.map(({ dag_id, run_id }) => [JSON.stringify([dag_id, run_id]), { dag_id, run_id }]),
    );
    const found: TaskInstance[] = [];
    for (const { dag_id, run_id } of runs.values()) {
      try {
        found.push(...(await this.taskInstances(dag_id, run_id, signal)));
      } catch (error) {
        if (!isStatus(error, 404)) throw error;
      }
    }
    return found.filter((instance) => wanted.has(nameOf(instance)));
  }

  /** Where a DAG is defined. 404: no such DAG. */
  async dagSource(dagId: string, signal?: AbortSignal): Promise<forCopies.DagSource> {
    return this.#get(`/api/v2/dags/${encodeURIComponent(dagId)}`, forCopies.dagSource, signal);
  }

  /** A run as a task is told of it. 404: no such DAG or run. */
  async runForCopy(dagId: string, runId: string, signal?: AbortSignal): Promise<forCopies.RunForCopy> {
    const path = `/api/v2/dags/${encodeURIComponent(dagId)}/dagRuns/${encodeURIComponent(runId)}`;
    return this.#get(path, forCopies.runForCopy, signal);
  }

  /** The XComs of a task under a key, as they are stored; of one instance where `mapIndex` is given. None: no such task. */
  async xcoms(
    task: Omit<TaskInstanceId, 'map_index'> & { readonly map_index?: number | undefined },
    key: string,
    signal?: AbortSignal,
  ): Promise<{ map_index: number; value: unknown }[]> {
    const names = [task.dag_id, task.run_id, task.task_id].map(encodeURIComponent);
    const path = `/api/v2/dags/${names[0]}/dagRuns/${names[1]}/taskInstances/${names[2]}/xcomEntries`;
    const wanted: Record<string, string> = { xcom_key: key, limit: String(pageSize), order_by: 'map_index' };
    if (task.map_index !== undefined) wanted.map_index = String(task.map_index);
    const entries = await this.#pages(async (offset) => {
      const query = new URLSearchParams({ ...wanted, offset: String(offset) });
      const page = await this.#get(`${path}?${query.toString()}`, forCopies.xcomEntries, signal);
      return { items: page.xcom_entries, total: page.total_entries };
    });
    const values: { map_index: number; value: unknown }[] = [];
    for (const { map_index } of entries) {
      // The list tells no values.
      const one = `${path}/${encodeURIComponent(key)}?map_index=${map_index}`;
      const { value } = await this.#get(one, forCopies.xcomEntry, signal);
      values.push({ map_index, value });
    }
    return values;
  }

  /** Undefined where there is none, or Airflow does not tell its value. */
  async variable(key: string, signal?: AbortSignal): Promise<string | undefined> {
    const path = `/api/v2/variables/${encodeURIComponent(key)}`;
    const { value } = (await this.#getIfThere(path, forCopies.variable, signal)) ?? {};
    return typeof value === 'string' && forCopies.isWhole(value) ? value : undefined;
  }

  /** Undefined where there is none, or Airflow does not tell all of it. */
  async connection(id: string, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>> | undefined> {
    const path = `/api/v2/connections/${encodeURIComponent(id)}`;
    const found = await this.#getIfThere(path, forCopies.connection, signal);
    return found && Object.values(found).every(forCopies.isWhole) ? found : undefined;
  }

  async #getIfThere<S extends z.ZodMiniType>(
    path: string,
    schema: S,
    signal: AbortSignal | undefined,
  ): Promise<z.output<S> | undefined> {
    try {
      return await this.#get(path, schema, signal);
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async #runs(
    dag: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<DagRunPage> {
    const asked = new URLSearchParams({ ...query, order_by: '-run_after' });
    const page = await this.#get(`/api/v2/dags/${dag}/dagRuns?${asked.toString()}`, answers.dagRuns, signal);
    return { runs: page.dag_runs, total: page.total_entries };
  }

  async #pages<T>(ask: (offset: number) => Promise<Page<T>>): Promise<T[]> {
    const items: T[] = [];
    for (;;) {
      const page = await ask(items.length);
      items.push(...page.items);
      if (page.items.length === 0 || items.length >= page.total) return items;
    }
  }

  async #get<S extends z.ZodMiniType>(path: string, schema: S, signal?: AbortSignal): Promise<z.output<S>> {
    return read(`GET ${path}`, schema, await this.#call('GET', path, undefined, signal));
  }

  async #call(method: Method, path: string, body: unknown, signal: AbortSignal | undefined): Promise<Answer> {
    const send = async (token: string): Promise<Answer> =>
      request(this.#options.url + path, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs: this.#options.timeoutMs ?? 30_000,
        signal,
      });
    let answer = await send(await this.token());
    // Expired, or signed with the key of an earlier life of this cluster.
    if (answer.status === 401) answer = await send(await this.token(true));
    if (answer.status >= 400) throw refusal(`${method} ${path}`, answer);
    return answer;
  }

  async #login(): Promise<string> {
    const { url, username, password } = this.#options;
    const path = '/auth/token';
    const answer = await request(url + path, {
      method: 'POST',
      body: JSON.stringify({ username, password: await password() }),
      timeoutMs: this.#options.timeoutMs ?? 30_000,
    });
    return read(`POST ${path}`, answers.token, answer).access_token;
  }
}

const mostTries = 3;

/**
 * Asks again where Airflow fails with 500. With SQLite it may: it writes each change into its audit log in the
 * api-server's event loop, where it waits for a lock whose holder waits for that loop, and gives up after 5 s (the
 * timeout that components.ts gives the api-server). Only for what can be asked twice.
 */
async function insist<T>(ask: (isAgain: boolean) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask(tries > 1);
    } catch (error) {
      if (!isStatus(error, 500) || tries === mostTries) throw error;
      await delay(200, undefined, signal ? { signal } : {});
    }
  }
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof AirflowHttpError && error.status === status;
}

function clearedTask(task: NonNullable<ClearOptions['tasks']>[number]): string | [string, number] {
  return task.map_index === undefined || task.map_index < 0 ? task.task_id : [task.task_id, task.map_index];
}

/** As Airflow itself names a run that a person triggers. */
function manualRunId(now: Date): string {
  return `manual__${now.toISOString().replace('Z', '+00:00')}`;
}

type Method = NonNullable<HttpRequest['method']>;
type Answer = Awaited<ReturnType<typeof request>>;

interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
}

function nameOf(id: TaskInstanceId): string {
  return JSON.stringify([id.dag_id, id.run_id, id.task_id, id.map_index]);
}

function read<S extends z.ZodMiniType>(what: string, schema: S, answer: Answer): z.output<S> {
  if (answer.status >= 400) throw refusal(what, answer);
  const parsed = schema.safeParse(parseJson(answer.body));
  if (!parsed.success) throw new AirflowHttpError(what, answer.status, 'an answer that is not understood');
  return parsed.data;
}

function refusal(what: string, answer: Answer): AirflowHttpError {
  const parsed = answers.problemDetail.safeParse(parseJson(answer.body));
  const detail = parsed.success ? parsed.data.detail : answer.body;
  const text = typeof detail === 'string' ? detail : JSON.stringify(detail);
  return new AirflowHttpError(what, answer.status, text.slice(0, 1000));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
