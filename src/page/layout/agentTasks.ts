import type { Known } from '../known.ts';
import type { PageForeignTask, PageTask } from '../protocol.ts';
import { naturally } from './groups.ts';

/** So many task runs that are over stand beside those that are not. */
const mostEnded = 6;

/** What stands on an agent. */
export interface AgentTasks {
  /** Ours, those that live first, in the order of their names, then the last ones that ended, newest first. */
  readonly ours: readonly PageTask[];
  /** Others' that live, by framework. */
  readonly foreign: ReadonlyMap<string, readonly PageForeignTask[]>;
}

const nothing: AgentTasks = { ours: [], foreign: new Map() };

/** What stands on each agent; `endedSince`: older ends are not shown. */
export function tasksByAgent(
  { tasks, foreign }: Pick<Known, 'tasks' | 'foreign'>,
  endedSince: number,
): (agent: string) => AgentTasks {
  const living = new Map<string, PageTask[]>();
  const ended = new Map<string, PageTask[]>();
  for (const task of tasks.values()) {
    if (task.agent === null || task.launched === null) continue;
    if (task.ended === null) push(living, task.agent, task);
    else if (task.ended >= endedSince) push(ended, task.agent, task);
  }
  const others = new Map<string, PageForeignTask[]>();
  for (const one of foreign.values()) if (one.gone === null) push(others, one.agent, one);
  return (agent) => {
    const alive = living.get(agent) ?? [];
    const over = ended.get(agent) ?? [];
    const theirs = others.get(agent) ?? [];
    if (alive.length + over.length + theirs.length === 0) return nothing;
    alive.sort((a, b) => naturally(a.name, b.name) || (a.id < b.id ? -1 : 1));
    over.sort((a, b) => (b.ended ?? 0) - (a.ended ?? 0));
    const byFramework = new Map<string, PageForeignTask[]>();
    theirs.sort((a, b) => naturally(a.name, b.name));
    for (const one of theirs) push(byFramework, one.framework, one);
    return { ours: [...alive, ...over.slice(0, mostEnded)], foreign: byFramework };
  };
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
