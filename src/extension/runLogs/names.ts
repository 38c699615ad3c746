import * as l10n from '@vscode/l10n';
import type { TaskRun } from '../../api/people.ts';
import { taskName } from '../tree/states.ts';

/** Longer names are cut: the log is what is to be read. Characters. */
const mostName = 28;

/** What stands before a row of a task: `summarise[2]`, of a later try `summarise[2] · try 2`. */
export function nameBefore(run: Pick<TaskRun, 'key'>): string {
  const { try_number } = run.key;
  const name = taskName(run);
  const tried = try_number > 1 ? ` · ${l10n.t('try {0}', try_number)}` : '';
  const room = mostName - tried.length;
  return (name.length > room ? `${name.slice(0, room - 1)}…` : name) + tried;
}

/** Between the name and the row. */
export const separator = ' │ ';

/** The task of a line, without instance and try: its colour is that of all of them. Undefined where none stands before it. */
export function taskOfLine(line: string): { readonly task: string; readonly end: number } | undefined {
  const end = line.indexOf(separator);
  if (end < 0 || line.startsWith('──')) return undefined;
  const name = line.slice(0, end);
  return { task: name.replace(/ · .*$|\[\d+\]/g, '').trimEnd(), end };
}
