import * as l10n from '@vscode/l10n';
import type { TaskRun } from '../../api/people.ts';
import { lookOf, runName, taskName } from '../tree/states.ts';

/** A task run in a picker. */
export interface TaskRunItem {
  readonly run: TaskRun;
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** Task runs for a picker, in their order. */
export function taskRunItems(runs: readonly TaskRun[], now: number): TaskRunItem[] {
  return runs.map((run) => ({
    run,
    label: `${taskName(run)} · ${l10n.t('try {0}', run.key.try_number)}`,
    description: `${run.key.dag_id} · ${runName(run.key.run_id, now)}`,
    detail: [lookOf(run).text, run.agent].filter((part) => part !== null).join(' · '),
  }));
}
