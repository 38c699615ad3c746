import type { Known } from '../known.ts';
import type { AgentTasks } from '../layout/agentTasks.ts';
import type { PageForeignTask, PageFramework, PageTask } from '../protocol.ts';
import { foreignLines, taskLines } from '../words.ts';
import type { CardContext } from './card.ts';
import { element, Keyed, setAttribute, setChildren, setText } from './elements.ts';
import { stateIcon } from './icons.ts';
import { drawnSlot } from './theme.ts';

/** So many chips of a framework a card shows. */
const mostChips = 18;

/** An agent's tasks, a row of chips for each framework. */
export class Chips {
  readonly #context: CardContext;
  readonly #rows = new Keyed<ChipRow>();
  readonly #idle: HTMLElement;
  readonly node = element('div', 'chips');

  constructor(context: CardContext) {
    this.#context = context;
    this.#idle = element('div', 'idle', context.say('idle'));
  }

  draw({ ours, foreign }: AgentTasks, { frameworks }: Known): void {
    const own = [...frameworks.values()].find((framework) => framework.ours);
    const keys = [...(ours.length > 0 ? ['ours'] : []), ...foreign.keys()];
    const rows = this.#rows.keep(keys, () => new ChipRow(this.#context));
    keys.forEach((key, index) => {
      const row = rows[index];
      if (key === 'ours') row?.drawOurs(own, ours);
      else row?.drawForeign(key, frameworks.get(key), foreign.get(key) ?? []);
    });
    setChildren(this.node, rows.length > 0 ? rows.map((row) => row.node) : [this.#idle]);
  }
}

class ChipRow {
  readonly #context: CardContext;
  readonly #swatch = element('span', 'swatch');
  readonly #name = element('span', 'chips-name');
  readonly #list = element('ul', 'chip-list');
  readonly #more = element('li', 'chip-more');
  readonly #chips = new Keyed<OurChip | ForeignChip>();
  readonly node: HTMLElement;

  constructor(context: CardContext) {
    this.#context = context;
    this.node = element('div', 'chip-row', this.#swatch, this.#name, this.#list);
  }

  drawOurs(framework: PageFramework | undefined, tasks: readonly PageTask[]): void {
    const { say } = this.#context;
    this.#head(framework ? say('ours', framework.name) : '', 0);
    const shown = tasks.slice(0, mostChips);
    const chips = this.#chips.keep(
      shown.map(({ id }) => id),
      () => new OurChip(this.#context),
    );
    chips.forEach((chip, index) => {
      const task = shown[index];
      if (task && chip instanceof OurChip) chip.draw(task);
    });
    this.#place(chips, tasks.length - shown.length);
  }

  drawForeign(id: string, framework: PageFramework | undefined, tasks: readonly PageForeignTask[]): void {
    const name = framework?.name ?? id;
    this.#head(name, drawnSlot(framework?.slot ?? 1));
    const shown = tasks.slice(0, mostChips);
    const chips = this.#chips.keep(
      shown.map((task) => task.id),
      () => new ForeignChip(this.#context),
    );
    chips.forEach((chip, index) => {
      const task = shown[index];
      if (task && chip instanceof ForeignChip) chip.draw(task, name);
    });
    this.#place(chips, tasks.length - shown.length);
  }

  #head(name: string, slot: number): void {
    setText(this.#name, name);
    setAttribute(this.#list, 'aria-label', name);
    setAttribute(this.#swatch, 'class', `swatch slot-${slot}`);
  }

  #place(chips: readonly (OurChip | ForeignChip)[], more: number): void {
    setText(this.#more, more > 0 ? this.#context.say('moreTasks', more) : '');
    setChildren(this.#list, [...chips.map(({ node }) => node), ...(more > 0 ? [this.#more] : [])]);
  }
}

/** A task run of ours: a click opens its log. */
class OurChip {
  readonly #button = element('button', 'chip');
  readonly #name = element('span', 'chip-name');
  #task: PageTask | undefined;
  readonly node = element('li', '', this.#button);

  constructor({ open, tooltip, now, say }: CardContext) {
    this.#button.type = 'button';
    this.#button.tabIndex = -1;
    this.#button.addEventListener('click', () => {
      if (this.#task) open(this.#task.id);
    });
    tooltip.attach(this.#button, () =>
      this.#task ? [...taskLines(this.#task, now(), say), say('opens')] : [],
    );
  }

  draw(task: PageTask): void {
    if (task.kind !== this.#task?.kind) {
      this.#button.replaceChildren(stateIcon(task.kind), this.#name);
      setAttribute(this.#button, 'data-kind', task.kind);
    }
    this.#task = task;
    setText(this.#name, task.name);
    setAttribute(this.#button, 'aria-label', `${task.name}, ${task.state}, ${task.of}`);
    this.#button.classList.toggle('over', task.ended !== null);
  }
}

/** Another framework's task: its log is not ours to show. */
class ForeignChip {
  readonly #chip = element('span', 'chip foreign');
  readonly #name = element('span', 'chip-name');
  #task: PageForeignTask | undefined;
  #framework = '';
  readonly node = element('li', '', this.#chip);

  constructor({ tooltip, now, say }: CardContext) {
    this.#chip.tabIndex = -1;
    this.#chip.append(stateIcon('running'), this.#name);
    tooltip.attach(this.#chip, () =>
      this.#task ? foreignLines(this.#task, this.#framework, now(), say) : [],
    );
  }

  draw(task: PageForeignTask, framework: string): void {
    this.#task = task;
    this.#framework = framework;
    setText(this.#name, task.name);
    setAttribute(this.#chip, 'aria-label', `${task.name}, ${task.state}`);
    setAttribute(this.#chip, 'role', 'note');
  }
}
