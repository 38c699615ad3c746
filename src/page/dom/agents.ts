import type { Known } from '../known.ts';
import { tasksByAgent } from '../layout/agentTasks.ts';
import { amount } from '../layout/format.ts';
import { grouped, groupingAttributes, type AgentGroup, type AgentOrder } from '../layout/groups.ts';
import type { PageAgent } from '../protocol.ts';
import { Card, type CardContext } from './card.ts';
import { button, element, Keyed, setChildren, setText } from './elements.ts';
import { moveBetweenCards } from './cardKeys.ts';

/** Cards that are drawn at first, and with each "show more". */
const page = 60;
const endedShownMs = 300_000;

export interface AgentChoices {
  readonly attribute: string;
  readonly order: AgentOrder;
}

/** The agents' part of the page: groups of cards, as many as were asked for. */
export class Agents {
  readonly #context: CardContext;
  readonly #attribute = element('select');
  readonly #order = element('select');
  readonly #groupChoice: HTMLElement;
  readonly #count = element('span', 'count');
  readonly #groups = element('div', 'groups');
  readonly #empty: HTMLElement;
  readonly #more: HTMLButtonElement;
  readonly #cards = new Keyed<Card>();
  readonly #parts = new Keyed<Group>();
  #shown = page;
  #attributes: readonly string[] = [];
  #known: Known | undefined;
  readonly node: HTMLElement;

  constructor(context: CardContext, chosen: AgentChoices, changed: (chosen: AgentChoices) => void) {
    const { say } = context;
    this.#context = context;
    this.#groupChoice = element('label', '', `${say('attribute')} `, this.#attribute);
    this.#order.append(new Option(say('byName'), 'name'), new Option(say('byUse'), 'used'));
    this.#order.value = chosen.order;
    // What was chosen before may be an attribute that comes only with the agents.
    this.#setAttributes(chosen.attribute === '' ? [] : [chosen.attribute]);
    this.#attribute.value = chosen.attribute;
    for (const select of [this.#attribute, this.#order]) {
      select.addEventListener('change', () => {
        changed(this.choices);
        this.#draw();
      });
    }
    this.#more = button('more', '', () => {
      this.#shown += page;
      this.#draw();
    });
    this.#empty = element('p', 'empty', say('noAgents'));
    this.#groups.addEventListener('keydown', (event) => moveBetweenCards(this.#groups, event));
    const head = element(
      'div',
      'part-head',
      element('h2', '', say('agents')),
      this.#count,
      element('span', 'choices', this.#groupChoice, element('label', '', `${say('order')} `, this.#order)),
    );
    this.node = element('section', 'agents', head, this.#empty, this.#groups, this.#more);
    this.node.setAttribute('aria-label', say('agents'));
  }

  get choices(): AgentChoices {
    const order = this.#order.value === 'used' ? 'used' : 'name';
    return { attribute: this.#attribute.value, order };
  }

  draw(known: Known): void {
    if (known.agents !== this.#known?.agents) this.#offerAttributes(known);
    this.#known = known;
    const focused = document.activeElement;
    this.#draw();
    // What is moved loses the keyboard.
    if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) {
      focused.focus({ preventScroll: true });
    }
  }

  #draw(): void {
    const known = this.#known;
    if (!known) return;
    const { say, now } = this.#context;
    const { attribute, order } = this.choices;
    const groups = bounded(grouped(known.agents.values(), attribute, order), this.#shown);
    const tasksOf = tasksByAgent(known, now() - endedShownMs);
    const shown = groups.flatMap(({ agents }) => agents);
    const cards = this.#cards.keep(
      shown.map(({ id }) => id),
      () => new Card(this.#context),
    );
    const nodes = new Map<string, Element>();
    shown.forEach((agent, index) => {
      const card = cards[index];
      if (!card) return;
      card.draw(agent, tasksOf(agent.id), known);
      nodes.set(agent.id, card.node);
    });
    this.#drawGroups(groups, attribute, nodes);
    const rest = known.agents.size - shown.length;
    const some = rest > 0 ? say('agentsOf', shown.length, known.agents.size) : String(known.agents.size);
    setText(this.#count, known.agents.size === 0 ? '' : some);
    setText(this.#more, say('more', Math.min(page, rest)));
    this.#more.hidden = rest <= 0;
    this.#empty.hidden = known.agents.size > 0;
    this.#keepReachable();
  }

  #drawGroups(groups: readonly BoundedGroup[], attribute: string, nodes: ReadonlyMap<string, Element>): void {
    const parts = this.#parts.keep(
      groups.map(({ value }) => value),
      () => new Group(),
    );
    groups.forEach((group, index) => {
      const cards = group.agents.flatMap(({ id }) => nodes.get(id) ?? []);
      parts[index]?.draw(this.#titleOf(group, attribute), cards);
    });
    setChildren(
      this.#groups,
      parts.map(({ node }) => node),
    );
  }

  /** `rack = a · 12 agents · 20 of 48 cpus free`. */
  #titleOf({ value, all }: BoundedGroup, attribute: string): string {
    if (attribute === '') return '';
    const { say } = this.#context;
    const sum = (of: (agent: PageAgent) => number): number =>
      all.reduce((total, agent) => total + of(agent), 0);
    const total = sum((agent) => agent.total.cpus);
    const free = say('cpusFree', amount(total - sum((agent) => agent.used.cpus)), amount(total));
    const name = value === '' ? say('noAttribute', attribute) : `${attribute} = ${value}`;
    return [name, all.length === 1 ? say('oneAgent') : say('someAgents', all.length), free].join('  ·  ');
  }

  #offerAttributes({ agents }: Known): void {
    const attributes = groupingAttributes(agents.values());
    if (attributes.join('\n') === this.#attributes.join('\n')) return;
    const chosen = this.#attribute.value;
    this.#setAttributes(attributes);
    this.#attribute.value = attributes.includes(chosen) ? chosen : '';
  }

  #setAttributes(attributes: readonly string[]): void {
    this.#attributes = attributes;
    this.#attribute.replaceChildren(
      new Option(this.#context.say('none'), ''),
      ...attributes.map((attribute) => new Option(attribute, attribute)),
    );
    this.#groupChoice.hidden = attributes.length === 0;
  }

  /** One card is where Tab leads to; from there arrow keys go on. */
  #keepReachable(): void {
    if (this.#groups.querySelector('.card[tabindex="0"]')) return;
    const first = this.#groups.querySelector('.card');
    first?.setAttribute('tabindex', '0');
  }
}

interface BoundedGroup extends AgentGroup {
  /** Shown or not. */
  readonly all: readonly PageAgent[];
}

/** The first so many agents, in their groups. */
function bounded(groups: readonly AgentGroup[], most: number): BoundedGroup[] {
  let left = most;
  return groups.flatMap(({ value, agents }) => {
    const shown = agents.slice(0, left);
    left -= shown.length;
    return shown.length > 0 ? [{ value, agents: shown, all: agents }] : [];
  });
}

class Group {
  readonly #title = element('h3', 'group-title');
  readonly #cards = element('div', 'cards');
  readonly node = element('div', 'group', this.#title, this.#cards);

  draw(title: string, cards: readonly Element[]): void {
    setText(this.#title, title);
    this.#title.hidden = title === '';
    setChildren(this.#cards, cards);
  }
}
