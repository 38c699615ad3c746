import type { ClearedTask } from '../../api/people.ts';
import { showState } from '../output/states.ts';
import { table } from '../output/table.ts';
import type { Colors } from '../output/terminal.ts';
import { oneLine } from '../output/text.ts';

/** Task instances that run again with the states that they had; those of a mapped task with the same state on one line. */
export function clearedLines(tasks: readonly ClearedTask[], colors: Colors): string[] {
  const groups = new Map<string, ClearedTask[]>();
  for (const task of tasks) {
    const name = JSON.stringify([task.task_id, task.state]);
    groups.set(name, [...(groups.get(name) ?? []), task]);
  }
  const rows = [...groups.values()].map((group) => [
    nameOf(group),
    showState(group[0]?.state ?? null, colors),
  ]);
  return table(['TASK', 'STATE SO FAR'], rows, colors);
}

/** `load`, `load [2]`, `load [0..5]`, `load [0, 3, 4]`, `load [0, 3, 4, … 17 of them]`. */
function nameOf(group: readonly ClearedTask[]): string {
  const task = group[0]?.task_id ?? '';
  const indexes = group.map(({ map_index }) => map_index).filter((index) => index >= 0);
  if (indexes.length === 0) return oneLine(task);
  indexes.sort((one, other) => one - other);
  const [least = 0, most = 0] = [indexes[0], indexes.at(-1)];
  const isRange = indexes.length > 2 && most - least === indexes.length - 1;
  const few = indexes.slice(0, 5).join(', ');
  const shown = isRange ? `${least}..${most}` : few;
  const rest = !isRange && indexes.length > 5 ? `, … ${indexes.length} of them` : '';
  return oneLine(`${task} [${shown}${rest}]`);
}

/** `1 task instance`, `3 task instances`. */
export function instances(count: number): string {
  return `${count} task instance${count === 1 ? '' : 's'}`;
}
