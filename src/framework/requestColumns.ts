import type { SQLInputValue } from 'node:sqlite';
import { number, numberOrNull, text, textOrNull, texts, word, wordOrNull } from './columns.ts';
import type { Row } from './columns.ts';
import type { StoredRequest } from './records.ts';
import type { Amounts, RequestState, TaskKey } from './types.ts';
import { terminalRequestStates } from './types.ts';

export const requestStates: ReadonlySet<RequestState> = new Set<RequestState>([
  'queued',
  'launched',
  'starting',
  'running',
  ...terminalRequestStates,
]);
const ends = new Set(['killed', 'superseded'] as const);

/** A request as its row has it: one value a column. */
type FlatRequest = Omit<StoredRequest, 'key' | 'resources'> & TaskKey & Amounts;

interface Column<T> {
  readonly read: (row: Row, name: string) => T;
  /** Set once, when the request arrives. */
  readonly fixed?: true;
}

const fixed = <T>(read: Column<T>['read']): Column<T> => ({ read, fixed: true });
const changing = <T>(read: Column<T>['read']): Column<T> => ({ read });

/** The one list of a request's columns; `seq` is the table's own. */
const columns: { readonly [K in Exclude<keyof FlatRequest, 'seq'>]: Column<FlatRequest[K]> } = {
  id: fixed(text),
  deployment: fixed(text),
  dag_id: fixed(text),
  run_id: fixed(text),
  task_id: fixed(text),
  map_index: fixed(number),
  try_number: fixed(number),
  cpus: fixed(number),
  mem: fixed(number),
  disk: fixed(number),
  gpus: fixed(number),
  constraints: fixed(texts),
  priority: fixed(number),
  queue: fixed(textOrNull),
  state: changing((row, name) => word(row, name, requestStates)),
  info: changing(text),
  attempt: changing(number),
  mesos_task_id: changing(textOrNull),
  agent_id: changing(textOrNull),
  agent: changing(textOrNull),
  relaunches: changing(number),
  not_before: changing(numberOrNull),
  avoid: changing(textOrNull),
  after: changing(textOrNull),
  end_as: changing((row, name) => wordOrNull(row, name, ends)),
  end_reason: changing(text),
  queued: fixed(number),
  launched: changing(numberOrNull),
  started: changing(numberOrNull),
  ended: changing(numberOrNull),
  changed: changing(number),
};

type ColumnName = keyof typeof columns;
const names = Object.keys(columns) as ColumnName[];
const changingNames = names.filter((name) => !columns[name].fixed);

/** For SELECT. */
export const requestColumns = ['seq', ...names].join(', ');

/** Takes `insertedValues`. */
export const insertRequest = `INSERT INTO requests (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;

/** Takes `updatedValues`. */
export const updateRequest = `UPDATE requests SET ${changingNames.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`;

export function insertedValues(request: Omit<StoredRequest, 'seq'>): SQLInputValue[] {
  return valuesOf(request, names);
}

export function updatedValues(request: StoredRequest): SQLInputValue[] {
  return [...valuesOf(request, changingNames), request.id];
}

function valuesOf(request: Omit<StoredRequest, 'seq'>, wanted: readonly ColumnName[]): SQLInputValue[] {
  const { key, resources, ...rest } = request;
  const flat = { ...rest, ...key, ...resources };
  return wanted.map((name) => {
    const value = flat[name];
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  });
}

export function requestOf(row: Row): StoredRequest {
  const flat = Object.fromEntries(names.map((name) => [name, columns[name].read(row, name)])) as Omit<
    FlatRequest,
    'seq'
  >;
  const { dag_id, run_id, task_id, map_index, try_number, cpus, mem, disk, gpus, ...rest } = flat;
  return {
    ...rest,
    seq: number(row, 'seq'),
    key: { dag_id, run_id, task_id, map_index, try_number },
    resources: { cpus, mem, disk, gpus },
  };
}
