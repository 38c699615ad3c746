import * as z from 'zod/mini';

/** What a command acts on: of a row that was clicked, or as another part of the extension names it. */
const target = z.object({
  dag_id: z.optional(z.string()),
  run_id: z.optional(z.string()),
  task_id: z.optional(z.string()),
  /** Of a mapped task; without it all of its instances. */
  map_index: z.optional(z.int()),
  /** A task run's request id. */
  task: z.optional(z.string()),
  /** A task's id on Mesos, of any framework. */
  mesos_task_id: z.optional(z.string()),
  agent_id: z.optional(z.string()),
  framework_id: z.optional(z.string()),
  offer_id: z.optional(z.string()),
  part: z.optional(z.string()),
  /** Of a DAG file, as Airflow names it, with a line that counts from 1. */
  file: z.optional(z.string()),
  line: z.optional(z.int()),
});
export type Target = z.infer<typeof target>;

/** What a row's id names, or an object of the same shape. Empty where it is neither: then a person is asked. */
export function targetOf(argument: unknown): Target {
  if (typeof argument === 'string') return ofRow(argument);
  const parsed = z.safeParse(target, argument);
  return parsed.success ? parsed.data : {};
}

function ofRow(id: string): Target {
  const colon = id.indexOf(':');
  if (colon < 0) return {};
  const [kind, rest] = [id.slice(0, colon), id.slice(colon + 1)];
  switch (kind) {
    case 'taskRun':
      return { task: rest };
    case 'run':
      return runOf(rest);
    case 'tasks':
    case 'instance':
      return taskOf(kind, rest);
    case 'dag':
      return { dag_id: rest };
    case 'agent':
      return { agent_id: rest };
    case 'framework':
      return { framework_id: rest };
    case 'offer':
      return { offer_id: rest };
    case 'part':
      return { part: rest };
    default:
      return {};
  }
}

/** The id of a DAG has no slash; that of a run may have. */
function runOf(text: string): Target {
  const slash = text.indexOf('/');
  return slash < 0 ? {} : { dag_id: text.slice(0, slash), run_id: text.slice(slash + 1) };
}

/** `<dag>/<run>/<task>`, of an instance with `/<map index>`: neither of these two has a slash. */
function taskOf(kind: 'tasks' | 'instance', text: string): Target {
  const parts = text.split('/');
  const map_index = kind === 'instance' ? Number(parts.pop()) : undefined;
  const task_id = parts.pop();
  const run = runOf(parts.join('/'));
  if (run.dag_id === undefined || task_id === undefined || Number.isNaN(map_index)) return {};
  return { ...run, task_id, ...(map_index === undefined ? {} : { map_index }) };
}

// Ids of rows that commands understand.

export function dagRowId(dagId: string): string {
  return `dag:${dagId}`;
}

export function runRowId(dagId: string, runId: string): string {
  return `run:${dagId}/${runId}`;
}

/** All instances of a mapped task. */
export function tasksRowId(dagId: string, runId: string, taskId: string): string {
  return `tasks:${dagId}/${runId}/${taskId}`;
}

export function instanceRowId(dagId: string, runId: string, taskId: string, mapIndex: number): string {
  return `instance:${dagId}/${runId}/${taskId}/${mapIndex}`;
}

export function taskRunRowId(requestId: string): string {
  return `taskRun:${requestId}`;
}
