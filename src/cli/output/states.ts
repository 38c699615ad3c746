import type { Colors } from './terminal.ts';

export interface StateLook {
  readonly icon: string;
  readonly word: string;
  readonly colour: 'gray' | 'blue' | 'green' | 'red' | 'yellow' | 'magenta';
}

const looks: Readonly<Record<string, StateLook>> = {
  waiting: { icon: '○', word: 'waiting', colour: 'gray' },
  starting: { icon: '◌', word: 'starting', colour: 'blue' },
  running: { icon: '●', word: 'running', colour: 'blue' },
  success: { icon: '✓', word: 'success', colour: 'green' },
  failed: { icon: '✗', word: 'failed', colour: 'red' },
  retry: { icon: '↻', word: 'up for retry', colour: 'yellow' },
  killed: { icon: '⊘', word: 'killed', colour: 'yellow' },
  lost: { icon: '⊘', word: 'lost', colour: 'yellow' },
  skipped: { icon: '–', word: 'skipped', colour: 'gray' },
  removed: { icon: '–', word: 'removed', colour: 'gray' },
  deferred: { icon: '◷', word: 'deferred to the triggerer', colour: 'magenta' },
};

/** Airflow's words for a task instance and the framework's for a request, by the look that a person knows them by. */
const kinds: Readonly<Record<string, string>> = {
  none: 'waiting',
  scheduled: 'waiting',
  queued: 'waiting',
  launched: 'starting',
  restarting: 'starting',
  finished: 'success',
  upstream_failed: 'failed',
  up_for_retry: 'retry',
  up_for_reschedule: 'waiting',
  superseded: 'removed',
};

/** How a state is shown; the same words in tree, terminal and log. An unknown one is shown by its own name. */
export function lookOf(state: string | null): StateLook {
  const name = state ?? 'none';
  const look = looks[kinds[name] ?? name];
  if (!look) return { icon: '?', word: name, colour: 'gray' };
  if (name === 'upstream_failed') return { ...look, word: 'failed upstream' };
  if (name === 'up_for_reschedule') return { ...look, word: 'waiting to look again' };
  return name === 'superseded' ? { ...look, word: 'superseded' } : look;
}

/** Icon and word, coloured: never by colour alone. */
export function showState(state: string | null, colors: Colors): string {
  const { icon, word, colour } = lookOf(state);
  return colors[colour](`${icon} ${word}`);
}
