import * as l10n from '@vscode/l10n';
import type { MesosTaskView } from '../../api/people.ts';
import type { PageForeignTask } from '../../page/protocol.ts';
import { resourcesText } from '../format.ts';

/** Those that are over are kept as long as the page can look back, and so many at most. */
const keptMs = 3_600_000;
const mostKept = 1000;

/** Other frameworks' tasks since they were first seen: Mesos lists them while they live, and tells no times. */
export class ForeignTasks {
  #known = new Map<string, PageForeignTask>();

  /** `tasks`: all unfinished ones but ours; undefined where they are not known now. */
  see(tasks: readonly MesosTaskView[] | undefined, now: number): readonly PageForeignTask[] {
    if (tasks) {
      const next = new Map<string, PageForeignTask>();
      for (const task of tasks) {
        const key = `${task.framework_id}/${task.id}`;
        next.set(key, foreignTask(key, task, this.#known.get(key)?.seen ?? now));
      }
      for (const [key, task] of this.#known) {
        const gone = task.gone ?? now;
        if (!next.has(key) && now - gone < keptMs) next.set(key, { ...task, gone });
      }
      this.#known = bounded(next);
    }
    return [...this.#known.values()];
  }
}

function foreignTask(key: string, task: MesosTaskView, seen: number): PageForeignTask {
  return {
    id: key,
    name: task.name,
    framework: task.framework_id,
    agent: task.agent_id,
    state: mesosState(task.state),
    asks: resourcesText(task.resources),
    seen,
    gone: null,
  };
}

/** Mesos' own word, small: `running`. */
function mesosState(state: string): string {
  return state === 'RUNNING' ? l10n.t('running') : state.toLowerCase().replaceAll('_', ' ');
}

function bounded(tasks: Map<string, PageForeignTask>): Map<string, PageForeignTask> {
  const over = [...tasks.values()].filter(({ gone }) => gone !== null);
  if (over.length <= mostKept) return tasks;
  over.sort((a, b) => (a.gone ?? 0) - (b.gone ?? 0));
  for (const { id } of over.slice(0, over.length - mostKept)) tasks.delete(id);
  return tasks;
}
