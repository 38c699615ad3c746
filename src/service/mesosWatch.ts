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
/** One that takes long to answer is asked more seldom: a fifth of the time at most goes into it. */
const restPerLook = 5;
/** While somebody follows and nothing is heard of: other frameworks come and go without our hearing of it. */
const slowMs = 5000;

/** Agents, frameworks and their tasks as the master has them: asked for only while somebody wants to know. */
export class MesosWatch extends EventEmitter<{ agents: []; frameworks: []; tasks: [] }> {
  readonly #source: MasterSource;
  readonly #ourId: () => string | null;
  #state: MesosState = { agents: [], frameworks: [] };
  /** The same as JSON, to tell what is new; undefined before the first look. */
  #texts: Record<'agents' | 'frameworks' | 'tasks', string> | undefined;
  #askedAt = -Infinity;
  #restMs = freshMs;
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
    if (this.#followed) this.#lookIn(Math.max(0, this.#restMs - (performance.now() - this.#askedAt)));
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    const next = (): void => {
      if (this.#followed) this.#lookIn(Math.max(slowMs, this.#restMs));
    };
    // A master that is away shows in the cluster's view; its last lists stay.
    this.current().then(next, next);
  }

  async #ask(): Promise<MesosState> {
    const begun = performance.now();
    const [agents, frameworks, tasks] = await Promise.all([
      this.#source.agents(),
      this.#source.frameworks(),
      this.#source.tasks(),
    ]);
    const before = this.#texts;
    this.#state = {
      agents: agents.map(agentViewOf).sort((one, other) => byName(one.name, other.name)),
      frameworks: frameworkViewsOf(frameworks, tasks, this.#ourId()),
      tasks: mesosTasksOf(tasks, frameworks),
    };
    const texts = {
      agents: JSON.stringify(this.#state.agents),
      frameworks: JSON.stringify(this.#state.frameworks),
      tasks: JSON.stringify(this.#state.tasks),
    };
    this.#texts = texts;
    this.#askedAt = performance.now();
    this.#restMs = Math.max(freshMs, restPerLook * (this.#askedAt - begun));
    for (const list of ['agents', 'frameworks', 'tasks'] as const) {
      if (texts[list] !== before?.[list]) this.emit(list);
    }
    return this.#state;
  }
}

/** agent-2 before agent-10. Made once: a comparison of strings by itself costs a hundred times as much. */
const { compare: byName } = new Intl.Collator('en', { numeric: true });
