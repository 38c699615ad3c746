import type { Known } from '../known.ts';
import { amount } from '../layout/format.ts';
import { naturally } from '../layout/groups.ts';
import type { Say } from '../texts.ts';
import { button, element, Keyed, setAttribute, setChildren, setText } from './elements.ts';
import { drawnSlot } from './theme.ts';

/** The page's head: which cluster, how it stands, how much is free, and whose colour is whose. */
export class Head {
  readonly #name = element('h1', 'name');
  readonly #state = element('span', 'state');
  readonly #facts = element('span', 'facts');
  readonly #legend = element('ul', 'legend');
  readonly #entries = new Keyed<LegendEntry>();
  /** What stands in every agent's bar. */
  readonly #fixed: readonly LegendEntry[];
  readonly #detail = element('p', 'detail');
  readonly #start: HTMLButtonElement;
  readonly #say: Say;
  readonly node: HTMLElement;

  constructor(say: Say, start: () => void) {
    this.#say = say;
    this.#fixed = (['offered', 'free'] as const).map((what) => {
      const entry = new LegendEntry();
      entry.draw(say(what), what);
      return entry;
    });
    this.#start = button('primary', say('start'), start);
    this.node = element(
      'header',
      'head',
      element('div', 'line', this.#name, this.#state, this.#facts, this.#legend),
      this.#detail,
      this.#start,
    );
  }

  draw(known: Known): void {
    const { cluster } = known;
    setText(this.#name, cluster.name);
    setText(this.#state, cluster.state);
    setAttribute(this.#state, 'data-look', cluster.look);
    setText(this.#detail, cluster.look === 'absent' ? this.#say('noCluster') : cluster.detail);
    this.#detail.hidden = this.#detail.textContent === '';
    this.#start.hidden = !cluster.startable;
    setText(this.#facts, cluster.known ? this.#factsOf(known).join('  ·  ') : '');
    this.#drawLegend(known);
  }

  #factsOf({ cluster, agents }: Known): string[] {
    const active = [...agents.values()].filter((agent) => agent.active);
    const total = active.reduce((sum, agent) => sum + agent.total.cpus, 0);
    const used = active.reduce((sum, agent) => sum + agent.used.cpus, 0);
    const facts = [this.#say('running', cluster.running), this.#say('waiting', cluster.waiting)];
    if (active.length > 0) facts.push(this.#say('cpusFree', amount(total - used), amount(total)));
    if (cluster.suppressed && cluster.waiting === 0) facts.push(this.#say('suppressed'));
    return facts;
  }

  #drawLegend({ frameworks, cluster }: Known): void {
    const shown = [...frameworks.values()]
      .filter(({ ours, tasks }) => ours || tasks > 0)
      .sort((a, b) => Number(b.ours) - Number(a.ours) || naturally(a.name, b.name));
    const entries = this.#entries.keep(
      shown.map(({ id }) => id),
      () => new LegendEntry(),
    );
    shown.forEach((framework, index) => {
      const name = framework.ours ? this.#say('ours', framework.name) : framework.name;
      entries[index]?.draw(name, `slot-${drawnSlot(framework.slot)}`);
    });
    const fixed = cluster.known ? this.#fixed : [];
    setChildren(
      this.#legend,
      [...entries, ...fixed].map(({ node }) => node),
    );
  }
}

class LegendEntry {
  readonly #swatch = element('span', 'swatch');
  readonly #name = element('span');
  readonly node = element('li', '', this.#swatch, this.#name);

  draw(name: string, look: string): void {
    setText(this.#name, name);
    const wanted = `swatch ${look}`;
    if (this.#swatch.className !== wanted) this.#swatch.className = wanted;
  }
}
