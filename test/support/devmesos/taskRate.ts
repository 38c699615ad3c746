import type { Offer, TaskInfo, TaskState } from '../../../src/mesos/types.ts';
import { BenchScheduler } from './benchScheduler.ts';
import { roomFor } from './trueTask.ts';

export interface RateOptions {
  /** `http://host:port` */
  readonly master: string;
  readonly count: number;
  /** What each task is told to go through. */
  readonly states: readonly TaskState[];
  readonly taskOf: (offer: Offer) => TaskInfo;
  /** So many tasks' room is left at an agent's first offer, for an executor. Default 0. */
  readonly reserved?: number;
}

/**
 * Launches tasks on whatever is offered, and acknowledges each update; returns how many tasks there were per second, from the
 * first offer to the last end. Throws if an update is missing or another than expected.
 */
export async function taskRate({
  master,
  count,
  states,
  taskOf,
  reserved = 0,
}: RateOptions): Promise<number> {
  let launched = 0;
  const seen = new Map<string, TaskState[]>();
  const agents = new Set<string>();
  let finished = 0;
  let done: () => void = () => undefined;
  const allDone = new Promise<void>((resolve) => (done = resolve));
  const scheduler = await BenchScheduler.subscribe({
    master,
    name: 'task-rate',
    onOffers: (offers, scheduler) => {
      for (const offer of offers) {
        const room = roomFor(offer) - (agents.has(offer.agent_id.value) ? 0 : reserved);
        const fitting = Math.min(room, count - launched);
        if (fitting <= 0) {
          scheduler.decline([offer], launched < count ? 0 : 3600);
          continue;
        }
        agents.add(offer.agent_id.value);
        launched += fitting;
        scheduler.launch(
          offer,
          Array.from({ length: fitting }, () => taskOf(offer)),
        );
      }
    },
    onUpdate: ({ task_id, state }) => {
      seen.set(task_id.value, [...(seen.get(task_id.value) ?? []), state]);
      if (state === 'TASK_FINISHED' && ++finished === count) done();
    },
  });
  try {
    const began = performance.now();
    await Promise.race([allDone, scheduler.failed]);
    const seconds = (performance.now() - began) / 1000;
    for (const [id, told] of seen)
      if (told.join() !== states.join()) throw new Error(`${id} was ${told.join()}`);
    return count / seconds;
  } finally {
    await scheduler.end();
  }
}
