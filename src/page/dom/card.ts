import type { Known } from '../known.ts';
import type { AgentTasks } from '../layout/agentTasks.ts';
import { amount, memoryOf } from '../layout/format.ts';
import { segmentsOf, type Segment } from '../layout/segments.ts';
import type { PageAgent } from '../protocol.ts';
import type { Say } from '../texts.ts';
import { agentLabel, cpusUse, memoryUse } from '../words.ts';
import { Chips } from './chips.ts';
import { element, Keyed, setAttribute, setChildren, setText } from './elements.ts';
import { drawnSlot } from './theme.ts';
import type { Tooltip } from './tooltip.ts';

/** What every card needs. */
export interface CardContext {
  readonly say: Say;
  readonly tooltip: Tooltip;
  readonly now: () => number;
  readonly open: (task: string) => void;
}

/** One agent: its bars, and its tasks as chips. */
export class Card {
  readonly #name = element('span', 'agent-name');
  readonly #note = element('span', 'agent-note');
  readonly #cpus: BarRow;
  readonly #memory: BarRow;
  readonly #chips: Chips;
  readonly #say: Say;
  readonly node: HTMLElement;

  constructor(context: CardContext) {
    this.#say = context.say;
    this.#cpus = new BarRow('cpus', context);
    this.#memory = new BarRow('mem', context);
    this.#chips = new Chips(context);
    this.node = element(
      'section',
      'card',
      element('div', 'agent', this.#name, this.#note),
      this.#cpus.node,
      this.#memory.node,
      this.#chips.node,
    );
    this.node.tabIndex = -1;
  }

  draw(agent: PageAgent, tasks: AgentTasks, known: Known): void {
    setText(this.#name, agent.name);
    setText(
      this.#note,
      agent.active ? attributesOf(agent) : this.#say(agent.deactivated ? 'deactivated' : 'disconnected'),
    );
    setAttribute(this.node, 'aria-label', agentLabel(agent, this.#say));
    this.node.classList.toggle('inactive', !agent.active);
    this.#cpus.draw(agent, known);
    this.#memory.draw(agent, known);
    this.#chips.draw(tasks, known);
  }
}

function attributesOf({ attributes }: PageAgent): string {
  return Object.entries(attributes)
    .filter(([name]) => name !== 'name')
    .map(([name, value]) => `${name}=${value}`)
    .join('  ');
}

/** `cpus ▇▇▇▨░ 3 of 4`. */
class BarRow {
  readonly #of: 'cpus' | 'mem';
  readonly #context: CardContext;
  readonly #bar = element('div', 'bar');
  readonly #value = element('span', 'bar-value');
  readonly #segments = new Keyed<SegmentPart>();
  readonly node: HTMLElement;

  constructor(of: 'cpus' | 'mem', context: CardContext) {
    this.#of = of;
    this.#context = context;
    const label = context.say(of === 'cpus' ? 'cpus' : 'memory');
    this.node = element('div', 'bar-row', element('span', 'bar-label', label), this.#bar, this.#value);
    // The card's own label says it.
    this.node.setAttribute('aria-hidden', 'true');
  }

  draw(agent: PageAgent, { frameworks }: Known): void {
    const { say } = this.#context;
    const slotOf = (id: string): number => frameworks.get(id)?.slot ?? Number.MAX_SAFE_INTEGER;
    const segments = segmentsOf(agent, this.#of, slotOf);
    const keys = segments.map(({ what, framework }) => `${what} ${framework}`);
    const parts = this.#segments.keep(keys, () => new SegmentPart(this.#context));
    segments.forEach((segment, index) => {
      const framework = frameworks.get(segment.framework);
      const look = segment.what === 'framework' ? `slot-${drawnSlot(framework?.slot ?? 1)}` : segment.what;
      const whose =
        segment.what === 'framework'
          ? framework?.ours
            ? say('ours', framework.name)
            : (framework?.name ?? segment.framework)
          : say(segment.what === 'other' ? 'otherUse' : segment.what);
      parts[index]?.draw(segment, look, [whose, this.#amount(segment.amount, agent)]);
    });
    setChildren(
      this.#bar,
      parts.map(({ node }) => node),
    );
    setText(this.#value, this.#of === 'cpus' ? cpusUse(agent, say) : memoryUse(agent, say));
  }

  #amount(of: number, { total }: PageAgent): string {
    const { say } = this.#context;
    return this.#of === 'cpus'
      ? `${say('used', amount(of), amount(total.cpus))} ${say('cpus')}`
      : memoryOf(of, total.mem, say('memoryOf'));
  }
}

class SegmentPart {
  readonly node = element('span', 'segment');
  #lines: readonly string[] = [];

  constructor({ tooltip }: CardContext) {
    tooltip.attach(this.node, () => this.#lines);
  }

  draw({ share }: Segment, look: string, lines: readonly string[]): void {
    const wanted = `segment ${look}`;
    if (this.node.className !== wanted) this.node.className = wanted;
    const width = `${(share * 100).toFixed(2)}%`;
    if (this.node.style.width !== width) this.node.style.width = width;
    this.#lines = lines;
  }
}
