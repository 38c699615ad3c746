import { amount, lasted, memoryOf, wallClock } from './layout/format.ts';
import type { Bar } from './layout/bars.ts';
import type { Known } from './known.ts';
import type { PageAgent, PageForeignTask, PageOffer, PageTask } from './protocol.ts';
import type { Say } from './texts.ts';

/** What a hover says of a task run, line by line; the first is its name. */
export function taskLines(task: PageTask, now: number, say: Say): string[] {
  const lines = [task.name, task.of, task.state, task.asks];
  const { queued, launched, started, ended } = task;
  const began = started ?? launched;
  if (began !== null) lines.push(lasted((ended ?? now) - began, ended !== null));
  if (launched !== null && launched - queued >= 1000) {
    lines.push(say('queuedFor', lasted(launched - queued, true)));
  }
  return lines;
}

export function foreignLines(task: PageForeignTask, framework: string, now: number, say: Say): string[] {
  const { name, state, asks, seen, gone } = task;
  return [name, framework, state, asks, say('seenFor', lasted((gone ?? now) - seen, gone !== null))];
}

export function barLines(bar: Bar, known: Known, now: number, say: Say): string[] {
  if ('task' in bar) return taskLines(bar.task, now, say);
  const framework = known.frameworks.get(bar.foreign.framework)?.name ?? bar.foreign.framework;
  return foreignLines(bar.foreign, framework, now, say);
}

/** Offers that share a tick. */
export function offerLines(offers: readonly PageOffer[], offset: number, say: Say): string[] {
  const [first] = offers;
  if (!first) return [];
  const most = 5;
  const lines = offers.slice(0, most).flatMap((offer) => [`${offer.what}: ${offer.said}`]);
  if (offers.length > most) lines.push(say('moreTasks', offers.length - most));
  return [wallClock(first.at, offset), ...lines];
}

/** `agent-1, cpus: 3 of 4, memory: 1.2 of 4 GB`. */
export function agentLabel(agent: PageAgent, say: Say): string {
  if (!agent.active) return `${agent.name}, ${say(agent.deactivated ? 'deactivated' : 'disconnected')}`;
  return [
    agent.name,
    say('usedOf', say('cpus'), cpusUse(agent, say)),
    say('usedOf', say('memory'), memoryUse(agent, say)),
  ].join(', ');
}

export function cpusUse({ used, total }: PageAgent, say: Say): string {
  return say('used', amount(used.cpus), amount(total.cpus));
}

export function memoryUse({ used, total }: PageAgent, say: Say): string {
  return memoryOf(used.mem, total.mem, say('memoryOf'));
}

/** `5 min`, `1 h`. */
export function zoomWords(spanMs: number, say: Say): string {
  const minutes = spanMs / 60_000;
  return minutes < 60 ? say('zoomMinutes', minutes) : say('zoomHours', minutes / 60);
}
