import { wordsOf, type StateKind } from '../../words/states.ts';
import type { Colors } from './terminal.ts';

export interface StateLook {
  readonly icon: string;
  readonly word: string;
  readonly colour: 'gray' | 'blue' | 'green' | 'red' | 'yellow' | 'magenta';
}

const looks: Readonly<Record<StateKind, Omit<StateLook, 'word'>>> = {
  waiting: { icon: '○', colour: 'gray' },
  starting: { icon: '◌', colour: 'blue' },
  running: { icon: '●', colour: 'blue' },
  success: { icon: '✓', colour: 'green' },
  finished: { icon: '✓', colour: 'gray' },
  failed: { icon: '✗', colour: 'red' },
  retry: { icon: '↻', colour: 'yellow' },
  killed: { icon: '⊘', colour: 'yellow' },
  lost: { icon: '⊘', colour: 'yellow' },
  skipped: { icon: '–', colour: 'gray' },
  deferred: { icon: '◷', colour: 'magenta' },
  superseded: { icon: '–', colour: 'gray' },
};

/** How a state is shown. An unknown one is shown by its own name. */
export function lookOf(state: string | null): StateLook {
  const words = wordsOf(state);
  return words
    ? { ...looks[words.kind], word: words.word }
    : { icon: '?', word: state ?? '', colour: 'gray' };
}

/** Icon and word, coloured: never by colour alone. */
export function showState(state: string | null, colors: Colors): string {
  const { icon, word, colour } = lookOf(state);
  return colors[colour](`${icon} ${word}`);
}
