// A process that does what the extension does in a window, without the window: the real model and the real rows of the
// views, made anew whenever the model says so. `node --expose-gc editor.ts CLUSTER`, with MESOS_AIRFLOW_HOME; told what to do, and
// tells what came of it, over IPC.
import { setTimeout as delay } from 'node:timers/promises';
import { ClusterModel } from '../../../src/extension/cluster/model.ts';
import { ClusterViewOf } from '../../../src/extension/tree/cluster/view.ts';
import { DagsViewOf } from '../../../src/extension/tree/dags/view.ts';
import { changesBetween, emptyOutline, type Outline } from '../../../src/extension/tree/rows.ts';
import type { Grouping } from '../../../src/extension/tree/taskRuns/options.ts';
import { TaskRunsView } from '../../../src/extension/tree/taskRuns/view.ts';
import type { ViewOf } from '../../../src/extension/tree/viewOf.ts';
import type { EditorAnswer, EditorOrder, Seen, ViewName } from './editorProcess.ts';

/** The same as RowTree does, where VS Code asks at once for the rows below each row that is drawn open. */
class Shown {
  readonly #model: ClusterModel;
  readonly #of: ViewOf;
  readonly #open: Set<string>;
  outline: Outline = emptyOutline;
  /** How often something was to be drawn anew, and how long that took in all (milliseconds). */
  drawn = 0;
  tookMs = 0;

  constructor(model: ClusterModel, of: ViewOf, open: readonly string[]) {
    this.#model = model;
    this.#of = of;
    this.#open = new Set(open);
    model.want(this, of.topics(this.#open));
    model.onDidChange(() => this.#refresh());
  }

  #refresh(): void {
    const begun = performance.now();
    const before = this.outline;
    this.outline = this.#of.outline(this.#model.picture, Date.now(), this.#open);
    for (const row of this.outline.rows.values()) if (row.opens === 'open') this.#open.add(row.id);
    this.#model.want(this, this.#of.topics(this.#open));
    if (changesBetween(before, this.outline).length > 0) this.drawn += 1;
    this.tookMs += performance.now() - begun;
  }
}

function viewNamed(name: ViewName): ViewOf {
  if (name === 'cluster') return new ClusterViewOf();
  if (name === 'dags') return new DagsViewOf();
  const grouping: Grouping = ({ byDag: 'dag', byAgent: 'agent', flat: 'flat' } as const)[name];
  const memory = { get: () => ({ grouping, sort: 'newest', filter: { name: '', states: [] } }) };
  return new TaskRunsView({ ...memory, update: () => Promise.resolve() }, () => undefined);
}

/** By what it is known that a view shows what it is for. */
const first: Readonly<Record<ViewName, RegExp>> = {
  byDag: /^dag:/,
  byAgent: /^(agent|taskRun):/,
  flat: /^taskRun:/,
  cluster: /^agent:/,
  dags: /^dag:/,
};

const [, , clusterName = ''] = process.argv;
const models: ClusterModel[] = [];
let watching:
  { readonly views: Shown[]; readonly seen: Seen[]; readonly told: Map<string, string> } | undefined;
let cpu = process.cpuUsage();
let since = performance.now();

/** Milliseconds from a window that knows nothing to the first rows of a view. */
async function firstRows(name: ViewName): Promise<number> {
  const begun = performance.now();
  const model = new ClusterModel(clusterName);
  const view = new Shown(model, viewNamed(name), []);
  try {
    return await new Promise<number>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`no rows of ${name}`)), 20_000);
      model.onDidChange(() => {
        if (![...view.outline.rows.keys()].some((id) => first[name].test(id))) return;
        clearTimeout(limit);
        resolve(performance.now() - begun);
      });
    });
  } finally {
    model.dispose();
  }
}

/** From now on: each task run's row as it changes, with the time. */
function watch(names: readonly ViewName[], open: readonly string[]): void {
  const model = new ClusterModel(clusterName);
  models.push(model);
  const seen: Seen[] = [];
  const told = new Map<string, string>();
  const views = names.map((name) => new Shown(model, viewNamed(name), open));
  model.onDidChange(() => {
    const at = Date.now();
    for (const { outline } of views) {
      for (const row of outline.rows.values()) {
        if (!row.id.startsWith('taskRun:') || told.get(row.id) === row.context) continue;
        told.set(row.id, row.context);
        seen.push({ id: row.id.slice('taskRun:'.length), context: row.context, at });
      }
    }
  });
  watching = { views, seen, told };
  cpu = process.cpuUsage();
  since = performance.now();
}

function report(): EditorAnswer {
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - since) / 1000;
  const views = watching?.views ?? [];
  const answer = {
    seen: watching?.seen.splice(0) ?? [],
    rows: views.map(({ outline }) => outline.rows.size),
    drawn: views.map(({ drawn }) => drawn),
    drawMs: views.map(({ drawn, tookMs }) => Math.round((tookMs / Math.max(1, drawn)) * 10) / 10),
    cpu: Math.round(((used.user + used.system) / 1e6 / seconds) * 1000) / 1000,
  };
  // What this measurement itself holds is not the extension's.
  watching?.told.clear();
  global.gc?.();
  return { ...answer, heap: process.memoryUsage().heapUsed };
}

process.on('message', (order: EditorOrder) => {
  const answer = async (): Promise<unknown> => {
    if (order.what === 'heap') {
      await delay(100);
      global.gc?.();
      return process.memoryUsage().heapUsed;
    }
    if (order.what === 'firstRows') return firstRows(order.view);
    if (order.what === 'watch') {
      watch(order.views, order.open);
      return undefined;
    }
    const told = report();
    for (const model of models.splice(0)) model.dispose();
    watching = undefined;
    return told;
  };
  answer().then(
    (value) => process.send?.({ value }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
