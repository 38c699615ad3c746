import * as z from 'zod/mini';

// What we read of Airflow's REST API v2 (openapi/v2-rest-api-generated.yaml of Airflow 3.3), turned into our own
// names at the edge: times are milliseconds since the epoch. Fields that we don't use are left out.

const time = z.pipe(
  z.nullish(z.string()),
  z.transform((text) => {
    const at = text ? Date.parse(text) : NaN;
    return Number.isNaN(at) ? null : at;
  }),
);

const textOrNull = z.pipe(
  z.nullish(z.string()),
  z.transform((text) => text ?? null),
);

export interface Dag {
  readonly dag_id: string;
  /** The absolute path of the file that defines it. */
  readonly fileloc: string;
  readonly paused: boolean;
  /** As Airflow puts it, a cron line for the most part; null where it only runs when triggered. */
  readonly schedule: string | null;
  /** Its file cannot be loaded as it is now. */
  readonly has_import_errors: boolean;
  /** Airflow no longer finds it: its file is gone, or cannot be loaded. */
  readonly stale: boolean;
  readonly last_parsed: number | null;
}

export const dags = z.object({
  total_entries: z.int(),
  dags: z.array(
    z.pipe(
      z.object({
        dag_id: z.string(),
        fileloc: z.string(),
        is_paused: z.boolean(),
        timetable_summary: textOrNull,
        has_import_errors: z.boolean(),
        is_stale: z.optional(z.boolean()),
        last_parsed_time: time,
      }),
      z.transform((dag): Dag => ({
        dag_id: dag.dag_id,
        fileloc: dag.fileloc,
        paused: dag.is_paused,
        schedule: dag.timetable_summary,
        has_import_errors: dag.has_import_errors,
        stale: dag.is_stale ?? false,
        last_parsed: dag.last_parsed_time,
      })),
    ),
  ),
});

/** A parameter that a DAG declares for its runs. */
export interface DagParam {
  readonly name: string;
  /** Its default; null where it has none. */
  readonly value: unknown;
  readonly description: string | null;
  /** JSON Schema, as far as the DAG has one. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export const dagDetails = z.object({
  params: z.pipe(
    z.nullish(
      z.record(
        z.string(),
        z.object({
          value: z.optional(z.unknown()),
          description: textOrNull,
          schema: z.nullish(z.record(z.string(), z.unknown())),
        }),
      ),
    ),
    z.transform((params): DagParam[] =>
      Object.entries(params ?? {}).map(([name, { value, description, schema }]) => ({
        ...{ name, description, value: value ?? null },
        schema: schema ?? {},
      })),
    ),
  ),
});

/** A task as its DAG has it now. */
export interface DagTask {
  readonly task_id: string;
  /** The tasks that depend on it directly. */
  readonly downstream: readonly string[];
  /** How long after a try that failed the next begins (milliseconds); undefined where it grows from try to try. */
  readonly retryMs?: number;
}

/** As Airflow writes a timedelta. */
const timeDelta = z.object({ days: z.number(), seconds: z.number(), microseconds: z.number() });

export const dagTasks = z.object({
  tasks: z.array(
    z.pipe(
      z.object({
        task_id: z.string(),
        downstream_task_ids: z.nullish(z.array(z.string())),
        retry_delay: z.nullish(timeDelta),
        // The factor by which it grows; 0: it does not.
        retry_exponential_backoff: z.nullish(z.union([z.number(), z.boolean()])),
      }),
      z.transform(({ task_id, downstream_task_ids, retry_delay, retry_exponential_backoff }): DagTask => ({
        task_id,
        downstream: downstream_task_ids ?? [],
        ...(retry_delay && [0, 1, false].includes(retry_exponential_backoff ?? 0)
          ? { retryMs: millisecondsOf(retry_delay) }
          : {}),
      })),
    ),
  ),
});

function millisecondsOf({ days, seconds, microseconds }: z.infer<typeof timeDelta>): number {
  return (days * 86_400 + seconds) * 1000 + microseconds / 1000;
}

export interface DagRun {
  readonly dag_id: string;
  readonly run_id: string;
  /** queued, running, success, failed. */
  readonly state: string;
  /** manual, scheduled, backfill, asset_triggered. */
  readonly run_type: string;
  /** From when on it may run: newer runs have later ones. */
  readonly run_after: number | null;
  readonly queued: number | null;
  readonly started: number | null;
  readonly ended: number | null;
}

export const dagRun = z.pipe(
  z.object({
    dag_id: z.string(),
    dag_run_id: z.string(),
    state: z.string(),
    run_type: z.string(),
    run_after: time,
    queued_at: time,
    start_date: time,
    end_date: time,
  }),
  z.transform((run): DagRun => ({
    dag_id: run.dag_id,
    run_id: run.dag_run_id,
    state: run.state,
    run_type: run.run_type,
    run_after: run.run_after,
    queued: run.queued_at,
    started: run.start_date,
    ended: run.end_date,
  })),
);

export const dagRuns = z.object({ total_entries: z.int(), dag_runs: z.array(dagRun) });

export interface TaskInstance {
  readonly dag_id: string;
  readonly run_id: string;
  readonly task_id: string;
  /** -1 where the task is not mapped. */
  readonly map_index: number;
  readonly try_number: number;
  readonly max_tries: number;
  /** null: not scheduled yet. Else scheduled, queued, running, success, failed, up_for_retry, skipped, … */
  readonly state: string | null;
  readonly operator: string | null;
  readonly queued: number | null;
  readonly started: number | null;
  readonly ended: number | null;
}

export const taskInstances = z.object({
  total_entries: z.int(),
  task_instances: z.array(
    z.pipe(
      z.object({
        dag_id: z.string(),
        dag_run_id: z.string(),
        task_id: z.string(),
        map_index: z.int(),
        try_number: z.int(),
        max_tries: z.int(),
        state: textOrNull,
        operator_name: textOrNull,
        queued_when: time,
        start_date: time,
        end_date: time,
      }),
      z.transform((instance): TaskInstance => ({
        dag_id: instance.dag_id,
        run_id: instance.dag_run_id,
        task_id: instance.task_id,
        map_index: instance.map_index,
        try_number: instance.try_number,
        max_tries: instance.max_tries,
        state: instance.state,
        operator: instance.operator_name,
        queued: instance.queued_when,
        started: instance.start_date,
        ended: instance.end_date,
      })),
    ),
  ),
});

export const importErrors = z.object({
  total_entries: z.int(),
  import_errors: z.array(
    z.object({
      filename: z.string(),
      bundle_name: textOrNull,
      stack_trace: z.string(),
      timestamp: time,
    }),
  ),
});

const component = z.object({ status: textOrNull });

/** `GET /api/v2/monitor/health`; a heartbeat is when the component last said that it lives. */
export const health = z.pipe(
  z.object({
    metadatabase: component,
    scheduler: z.extend(component, { latest_scheduler_heartbeat: time }),
    triggerer: z.extend(component, { latest_triggerer_heartbeat: time }),
    dag_processor: z.nullish(z.extend(component, { latest_dag_processor_heartbeat: time })),
  }),
  z.transform((body): AirflowHealth => ({
    database: body.metadatabase.status === 'healthy',
    scheduler: {
      healthy: body.scheduler.status === 'healthy',
      heartbeat: body.scheduler.latest_scheduler_heartbeat,
    },
    triggerer: {
      healthy: body.triggerer.status === 'healthy',
      heartbeat: body.triggerer.latest_triggerer_heartbeat,
    },
    'dag-processor': {
      healthy: body.dag_processor?.status === 'healthy',
      heartbeat: body.dag_processor?.latest_dag_processor_heartbeat ?? null,
    },
  })),
);

export interface ComponentHealth {
  readonly healthy: boolean;
  /** Milliseconds since the epoch; null: it never ran. */
  readonly heartbeat: number | null;
}

export interface AirflowHealth {
  readonly database: boolean;
  readonly scheduler: ComponentHealth;
  readonly triggerer: ComponentHealth;
  readonly 'dag-processor': ComponentHealth;
}

export const token = z.object({ access_token: z.string() });

/** FastAPI's errors: a sentence, or what was wrong with each field. */
export const problemDetail = z.object({ detail: z.unknown() });
