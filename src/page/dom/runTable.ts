import { isBetween, type Bar } from '../layout/bars.ts';
import { lasted, wallClock } from '../layout/format.ts';
import type { Say } from '../texts.ts';
import { element } from './elements.ts';

const mostRows = 60;
const notBeforeMs = 3000;

/** The timeline as a table, for who hears the page: brought up to date now and then. */
export class RunTable {
  readonly #body = element('tbody');
  #drawnAt = -Infinity;
  readonly node: HTMLElement;

  constructor(say: Say) {
    const heads = (['task', 'agent', 'state', 'began', 'lasted'] as const).map((name) => {
      const cell = element('th', '', say(name));
      cell.scope = 'col';
      return cell;
    });
    this.node = element(
      'table',
      'heard',
      element('caption', '', say('accessibleTable')),
      element('thead', '', element('tr', '', ...heads)),
      this.#body,
    );
  }

  draw(
    bars: readonly Bar[],
    { from, now, offset }: { readonly from: number; readonly now: number; readonly offset: number },
    agentName: (id: string) => string,
  ): void {
    if (performance.now() - this.#drawnAt < notBeforeMs) return;
    this.#drawnAt = performance.now();
    const seen = bars.filter((bar) => isBetween(bar, from, now)).sort((a, b) => b.from - a.from);
    const rows = seen.slice(0, mostRows).map((bar) => {
      const one = 'task' in bar ? bar.task : bar.foreign;
      const began = bar.began ?? bar.from;
      const cells = [
        one.name,
        agentName(bar.lane),
        one.state,
        wallClock(began, offset),
        lasted((bar.to ?? now) - began, bar.to !== null),
      ];
      return element('tr', '', ...cells.map((cell) => element('td', '', cell)));
    });
    this.#body.replaceChildren(...rows);
  }
}
