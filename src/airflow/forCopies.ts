import * as z from 'zod/mini';

// What a debug copy of a task needs of Airflow's REST API, as the execution API of Airflow 3.3 has it.

const text = z.nullish(z.string());

/** A run as the execution API tells a task of it. */
export type RunForCopy = Readonly<Record<string, unknown>> & { readonly run_id: string };

export const runForCopy = z.pipe(
  z.object({
    dag_id: z.string(),
    dag_run_id: z.string(),
    run_type: z.string(),
    state: z.string(),
    run_after: z.string(),
    logical_date: text,
    data_interval_start: text,
    data_interval_end: text,
    start_date: text,
    end_date: text,
    triggering_user_name: text,
    partition_key: text,
    conf: z.nullish(z.record(z.string(), z.unknown())),
  }),
  z.transform((run): RunForCopy => {
    const { dag_run_id, dag_id, run_type, state, run_after, conf } = run;
    return {
      ...{ dag_id, run_type, state, run_after },
      run_id: dag_run_id,
      logical_date: run.logical_date ?? null,
      data_interval_start: run.data_interval_start ?? null,
      data_interval_end: run.data_interval_end ?? null,
      start_date: run.start_date ?? null,
      end_date: run.end_date ?? null,
      triggering_user_name: run.triggering_user_name ?? null,
      partition_key: run.partition_key ?? null,
      conf: conf ?? {},
      consumed_asset_events: [],
    };
  }),
);

/** Where the DAG is defined. */
export const dagSource = z.object({
  /** Below the bundle's folder. */
  relative_fileloc: text,
  bundle_name: text,
});
export type DagSource = z.infer<typeof dagSource>;

export const xcomEntries = z.object({
  total_entries: z.int(),
  xcom_entries: z.array(z.object({ key: z.string(), map_index: z.int() })),
});

/** As it is stored, which is how a task reads it. */
export const xcomEntry = z.object({ value: z.unknown() });

export const variable = z.object({ value: text });

export const connection = z.pipe(
  z.object({
    connection_id: z.string(),
    conn_type: z.string(),
    host: text,
    schema: text,
    login: text,
    password: text,
    port: z.nullish(z.int()),
    extra: text,
  }),
  // The execution API leaves nothing out.
  z.transform(({ connection_id, conn_type, host, schema, login, password, port, extra }) => ({
    conn_id: connection_id,
    conn_type,
    host: host ?? null,
    schema: schema ?? null,
    login: login ?? null,
    password: password ?? null,
    port: port ?? null,
    extra: extra ?? null,
  })),
);

/** Airflow's stars in the place of what it does not tell. */
const masked = '***';

/** Whether Airflow told all of a value. */
export function isWhole(value: unknown): boolean {
  return typeof value === 'string' ? !value.includes(masked) : true;
}
