import { EventEmitter } from 'node:events';
import type { AgentView, FrameworkView } from '../api/people.ts';
import type { AgentEntry, FrameworkEntry, Task } from '../mesos/types.ts';
import { agentViewOf, frameworkViewsOf, mesosTasksOf, type MesosTasks } from './views/mesos.ts';

/** Of a master's operator API what is shown to people. */
export interface MasterSource {
  agents(): Promise<readonly AgentEntry[]>;
  frameworks(): Promise<readonly FrameworkEntry[]>;
  tasks(): Promise<readonly Task[]>;
}

export interface MesosState {
  readonly agents: AgentView[];
  readonly frameworks: FrameworkView[];
  /** Absent before the first look. */
  readonly tasks?: MesosTasks;
}

/** The master is not asked more often than this, whoever wants to know. Milliseconds. */
const freshMs = 1000;
/** While somebody follows and nothing is heard of: other frameworks come and go without our hearing of it. */
const slowMs = 5000;

/** Agents, frameworks and their tasks as the master has them: asked for only while somebody wants to know. */
export class MesosWatch extends EventEmitter<{ agents: []; frameworks: []; tasks: [] }> {
  readonly #source: MasterSource;
  readonly #ourId: () => string | null;
  #state: MesosState = { agents: [], frameworks: [] };
  #askedAt = -Infinity;
  #asking: Promise<MesosState> | undefined;
  #followed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: MasterSource, ourId: () => string | null) {
    super();
    this.#source = source;
    this.#ourId = ourId;
  }

  /** As last seen; empty before the first look. */
  get latest(): MesosState {
    return this.#state;
  }

  /** At most a second old. Rejects where the master does not answer. */
  async current(): Promise<MesosState> {
    if (performance.now() - this.#askedAt < freshMs) return this.#state;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Whether somebody wants to hear of changes. */
  follow(followed: boolean): void {
    if (followed === this.#followed) return;
    this.#followed = followed;
    clearTimeout(this.#timer);
    if (followed) this.#look();
  }

  /** Something happened that the master's lists will show: looked at soon, where somebody follows. */
  nudge(): void {
    if (this.#followed) this.#lookIn(Math.max(0, freshMs - (performance.now() - this.#askedAt)));
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    const next = (): void => {
      if (this.#followed) this.#lookIn(slowMs);
    };
    // A master that is away shows in the cluster's view; its last lists stay.
    this.current().then(next, next);
  }

  async #ask(): Promise<MesosState> {
    const [agents, frameworks, tasks] = await Promise.all([
      this.#source.agents(),
      this.#source.frameworks(),
      this.#source.tasks(),
    ]);
    const before = this.#state;
    this.#askedAt = performance.now();
    this.#state = {
      agents: agents.map(agentViewOf).sort((one, other) => byName(one.name, other.name)),
      frameworks: frameworkViewsOf(frameworks, tasks, this.#ourId()),
      tasks: mesosTasksOf(tasks, frameworks),
    };
    const isFirst = before.tasks === undefined;
    if (isFirst || !isSame(before.agents, this.#state.agents)) this.emit('agents');
    if (isFirst || !isSame(before.frameworks, this.#state.frameworks)) this.emit('frameworks');
    if (!isSame(before.tasks, this.#state.tasks)) this.emit('tasks');
    return this.#state;
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** agent-2 before agent-10. */
function byName(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
