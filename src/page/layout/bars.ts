import type { Known } from '../known.ts';
import type { PageForeignTask, PageTask } from '../protocol.ts';
import { naturally } from './groups.ts';
import type { Stay } from './lanes.ts';

/** A task on an agent, from its launch to its end. */
export type Bar = Stay & {
  /** When its process began, which is when the launch is over. */
  readonly began: number | null;
} & ({ readonly task: PageTask } | { readonly foreign: PageForeignTask });

/** All that ever stood on an agent, as far as it is known. */
export function barsOf({ tasks, foreign }: Pick<Known, 'tasks' | 'foreign'>): Bar[] {
  const bars: Bar[] = [];
  for (const task of tasks.values()) {
    const { id, agent, launched, started, ended } = task;
    if (agent === null || launched === null) continue;
    bars.push({ id: `task:${id}`, lane: agent, from: launched, began: started, to: ended, task });
  }
  for (const one of foreign.values()) {
    const { id, agent, seen, gone } = one;
    bars.push({ id: `foreign:${id}`, lane: agent, from: seen, began: seen, to: gone, foreign: one });
  }
  return bars;
}

export interface Lane {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
}

/** A lane for each agent by name, and behind them for those that are gone and still have bars. */
export function lanesOf({ agents }: Pick<Known, 'agents'>, bars: readonly Bar[]): Lane[] {
  const lanes: Lane[] = [...agents.values()].map(({ id, name, active }) => ({ id, name, active }));
  lanes.sort((a, b) => naturally(a.name, b.name));
  const gone = new Map<string, string>();
  for (const bar of bars) {
    if (agents.has(bar.lane) || gone.has(bar.lane)) continue;
    gone.set(bar.lane, ('task' in bar ? bar.task.where : null) ?? bar.lane);
  }
  return [...lanes, ...[...gone].map(([id, name]) => ({ id, name, active: false }))];
}

/** Whether a part of it lies in a piece of time. */
export function isBetween(bar: Stay, from: number, to: number): boolean {
  return bar.from <= to && (bar.to ?? Infinity) >= from;
}
