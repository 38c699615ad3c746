import { setTimeout as delay } from 'node:timers/promises';
import type { DagRunView } from '../api/people.ts';
import { ServiceProblem } from '../client/errors.ts';
import type { ClusterLink } from './cluster.ts';
import { LiveArea } from './output/liveArea.ts';
import type { Terminal } from './output/terminal.ts';
import { isOver, runLines } from './views/run.ts';

/** Airflow is asked again when the framework tells of a change, but not more often than this, and at least this often. */
const leastMs = 400;
const mostMs = 3000;

/**
 * Shows a run as it goes, one line a task, in place on a terminal and else a line when it changes; returns it once it is
 * over. A service that ends meanwhile is started again. Throws the signal's reason when aborted.
 */
export async function followRun(
  link: ClusterLink,
  started: DagRunView,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<DagRunView> {
  const view = runView(terminal);
  const left = new AbortController();
  const until = AbortSignal.any([signal, left.signal]);
  let changed = new AbortController();
  const listening = link.client.subscribe(
    {
      event: () => changed.abort(),
      connected: () => changed.abort(),
    },
    { signal: until, topics: ['tasks'] },
  );
  // That the events fail is no matter as long as the run can be asked for.
  listening.catch(() => undefined);
  let run = started;
  try {
    for (;;) {
      signal.throwIfAborted();
      view.show(run);
      if (isOver(run)) return run;
      await delay(leastMs, undefined, { signal });
      await delay(mostMs, undefined, { signal: AbortSignal.any([signal, changed.signal]) }).catch(
        () => undefined,
      );
      changed = new AbortController();
      run = (await ask(link, run, signal)) ?? run;
    }
  } finally {
    left.abort();
    view.close();
  }
}

/** The run as it is now; undefined where Airflow cannot be asked at the moment. */
async function ask(
  link: ClusterLink,
  { dag_id, run_id }: DagRunView,
  signal: AbortSignal,
): Promise<DagRunView | undefined> {
  try {
    return await link.ask((client) => client.dagRun(dag_id, run_id, { signal }));
  } catch (error) {
    if (error instanceof ServiceProblem && error.status >= 500 && !signal.aborted) return undefined;
    throw error;
  }
}

interface RunView {
  show(run: DagRunView): void;
  close(): void;
}

function runView(terminal: Terminal): RunView {
  if (!terminal.interactive) return plainRunView(terminal);
  const area = new LiveArea(terminal);
  let last: DagRunView | undefined;
  const draw = (): void => {
    if (last) area.draw(runLines(last, terminal.colors));
  };
  // Between the changes the clock of what runs goes on.
  const timer = setInterval(draw, 1000);
  return {
    show: (run) => {
      last = run;
      draw();
    },
    close: () => {
      clearInterval(timer);
      area.settle();
    },
  };
}

/** Each line when its state changes; times, which change always, are left out of the comparison. */
function plainRunView(terminal: Terminal): RunView {
  const told = new Set<string>();
  return {
    show: (run) => {
      for (const line of runLines(run, terminal.colors)) {
        const state = line.replace(/ +[\d.]+ (s|min|h)\b.*$/, '');
        if (told.has(state)) continue;
        told.add(state);
        terminal.line(line);
      }
    },
    close: () => undefined,
  };
}
