import type { ClusterView, PartView } from '../api/people.ts';
import { ExplainedError } from '../host/errors.ts';
import type { Phase, Phases } from './phases.ts';

/** How far one phase of a starting cluster is. */
export interface PhaseStatus {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly detail: string;
  /** The part that holds it up or made it fail. */
  readonly part?: PartView;
}

const settled: ReadonlySet<PartView['state']> = new Set(['ready']);

/** The phases of a cluster's start, as its parts stand. */
export function phasesOf(view: ClusterView): PhaseStatus[] {
  const parts = (match: (name: string) => boolean): PartView[] =>
    view.parts.filter(({ name }) => match(name));
  const database = parts((name) => name === 'database');
  const master = parts((name) => name === 'mesos-master');
  const agents = parts((name) => name.startsWith('agent-'));
  const others = new Set([...database, ...master, ...agents]);
  const airflow = view.parts.filter((part) => !others.has(part));
  return [
    // An embedded cluster's is a file.
    ...(database.length > 0 ? [status('PostgreSQL', database, () => 'takes connections')] : []),
    status('Mesos master', master, () => view.master.url),
    status('Mesos agents', agents, () => agents.map(({ name }) => name).join(', ')),
    framework(view, master),
    status('Airflow', airflow, () => view.airflow?.url ?? ''),
  ];
}

function status(name: string, parts: readonly PartView[], detail: () => string): PhaseStatus {
  const failed = parts.find(({ state }) => state === 'failed');
  if (failed) return { name, state: 'failed', detail: said(failed), part: failed };
  const open = parts.filter(({ state }) => !settled.has(state));
  if (open.length === 0) return { name, state: parts.length > 0 ? 'done' : 'waiting', detail: detail() };
  // What is being done tells more than what waits.
  const telling =
    open.find(({ state, detail: doing }) => state !== 'waiting' && doing !== '') ??
    open.find(({ state }) => state !== 'waiting') ??
    open[0];
  const waiting = open.length === parts.length && open.every(({ state }) => state === 'waiting');
  return {
    name,
    state: waiting ? 'waiting' : 'running',
    detail: telling ? said(telling) : '',
    ...(telling ? { part: telling } : {}),
  };
}

function said(part: PartView): string {
  return part.detail === '' ? `${part.name}: ${part.state}` : `${part.name}: ${part.detail}`;
}

function framework(view: ClusterView, master: readonly PartView[]): PhaseStatus {
  const { state, name } = view.framework;
  if (state === 'subscribed') {
    return { name: 'Framework', state: 'done', detail: `subscribed as "${name}"` };
  }
  const begun = master.every((part) => settled.has(part.state));
  return { name: 'Framework', state: begun ? 'running' : 'waiting', detail: state };
}

/** A part of the cluster could not be started. */
export class PartFailedError extends ExplainedError {
  readonly part: PartView;

  /** `log`: where its log is. */
  constructor(part: PartView, lastLines: readonly string[], log = part.log) {
    super(`${part.name} did not start`, {
      why: [part.detail, ...lastLines.map((line) => `  ${line}`)].filter((line) => line !== '').join('\n'),
      next: `Its log: ${log}`,
    });
    this.name = 'PartFailedError';
    this.part = part;
  }
}

/** Shows a cluster's views as phases, as they come in. */
export class StartWatch {
  readonly #phases: Phases;
  readonly #open = new Map<string, Phase>();
  readonly #over = new Set<string>();
  readonly #details: (status: PhaseStatus, view: ClusterView) => string;

  /** `details` may say more of a finished phase than the cluster's own view does. */
  constructor(phases: Phases, details: (status: PhaseStatus, view: ClusterView) => string) {
    this.#phases = phases;
    this.#details = details;
  }

  /** Takes in a view. Returns the part that failed, if one did, and whether all is ready. */
  see(view: ClusterView): { readonly ready: boolean; readonly failed: PartView | undefined } {
    const statuses = phasesOf(view);
    for (const current of statuses) this.#show(current, view);
    return {
      ready: view.state === 'ready' && statuses.every(({ state }) => state === 'done'),
      failed: statuses.find(({ state }) => state === 'failed')?.part,
    };
  }

  #show(current: PhaseStatus, view: ClusterView): void {
    if (this.#over.has(current.name) || current.state === 'waiting') return;
    const phase = this.#open.get(current.name) ?? this.#phases.begin(current.name, current.detail);
    this.#open.set(current.name, phase);
    if (current.state === 'running') {
      phase.update(current.detail);
      return;
    }
    this.#over.add(current.name);
    if (current.state === 'done') phase.done(this.#details(current, view));
    else phase.failed(current.detail);
  }
}
