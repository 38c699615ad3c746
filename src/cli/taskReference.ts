import type { TaskRun } from '../api/people.ts';

/** What a person may call one task run by. */
export type TaskReference =
  | { readonly kind: 'id'; readonly id: string }
  | {
      readonly kind: 'key';
      readonly dag_id: string;
      readonly run_id: string;
      readonly task_id: string;
      readonly map_index: number | undefined;
      readonly try_number: number | undefined;
    };

/**
 * Reads `DAG/RUN/TASK[/MAP_INDEX][/TRY]`, or a Mesos task id or the beginning of one, which has no slash.
 * With one number behind the task it is the map index where it is a mapped one, else the try: `resolve` sees which.
 * Undefined where it is neither.
 */
export function parseTaskReference(text: string): TaskReference | undefined {
  if (!text.includes('/')) return text === '' ? undefined : { kind: 'id', id: text };
  const parts = text.split('/');
  // A run id may hold slashes; DAG and task ids cannot (Airflow allows letters, digits, dashes, dots, underscores).
  const numbers: number[] = [];
  while (parts.length > 3 && numbers.length < 2 && /^-?\d+$/.test(parts[parts.length - 1] ?? '')) {
    numbers.unshift(Number(parts.pop()));
  }
  const [dag_id = '', ...rest] = parts;
  const task_id = rest.pop() ?? '';
  const run_id = rest.join('/');
  if (!dag_id || !run_id || !task_id) return undefined;
  const [map_index, try_number] = numbers;
  return { kind: 'key', dag_id, run_id, task_id, map_index, try_number };
}

/** Of the runs of one DAG run, those that a key names: the newest try of each where none is named. Newest first. */
export function matching(reference: TaskReference, runs: readonly TaskRun[]): TaskRun[] {
  if (reference.kind === 'id') return runs.filter((run) => startsWith(run, reference.id));
  const same = runs.filter(
    ({ key }) =>
      key.dag_id === reference.dag_id && key.run_id === reference.run_id && key.task_id === reference.task_id,
  );
  const mapped = same.some(({ key }) => key.map_index >= 0);
  // TASK/2 of a task that is not mapped is its second try.
  const onlyTry = !mapped && reference.try_number === undefined ? reference.map_index : undefined;
  const map_index = onlyTry === undefined ? reference.map_index : undefined;
  const try_number = onlyTry ?? reference.try_number;
  const chosen = same.filter(
    ({ key }) =>
      (map_index === undefined || key.map_index === map_index) &&
      (try_number === undefined || key.try_number === try_number),
  );
  return try_number === undefined ? newestTries(chosen) : newestAttempts(chosen);
}

function startsWith(run: TaskRun, id: string): boolean {
  return run.id.startsWith(id) || run.mesos_task_id?.startsWith(id) === true;
}

function newestTries(runs: readonly TaskRun[]): TaskRun[] {
  return newest(runs, ({ key }) => String(key.map_index));
}

function newestAttempts(runs: readonly TaskRun[]): TaskRun[] {
  return newest(runs, ({ key }) => `${key.map_index}/${key.try_number}`);
}

function newest(runs: readonly TaskRun[], group: (run: TaskRun) => string): TaskRun[] {
  const last = new Map<string, TaskRun>();
  for (const run of runs) {
    const other = last.get(group(run));
    const later =
      !other ||
      run.key.try_number > other.key.try_number ||
      (run.key.try_number === other.key.try_number && run.queued > other.queued);
    if (later) last.set(group(run), run);
  }
  return [...last.values()].sort((a, b) => b.queued - a.queued);
}

/** How a person reads a task run: `summarise[2] · try 1`. */
export function taskName(run: Pick<TaskRun, 'key'>): string {
  const { task_id, map_index, try_number } = run.key;
  return `${task_id}${map_index >= 0 ? `[${map_index}]` : ''} · try ${try_number}`;
}

/** The reference that names this very run. */
export function referenceTo(run: Pick<TaskRun, 'key'>): string {
  const { dag_id, run_id, task_id, map_index, try_number } = run.key;
  return [dag_id, run_id, task_id, ...(map_index >= 0 ? [map_index] : []), try_number].join('/');
}
