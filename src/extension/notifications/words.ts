import * as l10n from '@vscode/l10n';
import { runName } from '../tree/states.ts';
import type { OwnRun } from './ownRuns.ts';

/** So many are named. */
const mostNamed = 5;

/** `etl failed: manual 12:00:00`; of several `3 runs failed: etl, weather manual 12:00:00, weather manual 12:00:05`. */
export function failureText(failed: readonly OwnRun[], now: number): string {
  const [only] = failed;
  if (failed.length === 1 && only) return l10n.t('{0} failed: {1}', only.dag_id, runName(only.run_id, now));
  const names = failed.map(({ dag_id, run_id }) => {
    const isAlone = failed.filter((other) => other.dag_id === dag_id).length === 1;
    return isAlone ? dag_id : `${dag_id} ${runName(run_id, now)}`;
  });
  const shown = names.slice(0, mostNamed).join(', ');
  return names.length > mostNamed
    ? l10n.t('{0} runs failed: {1} and {2} more', names.length, shown, names.length - mostNamed)
    : l10n.t('{0} runs failed: {1}', names.length, shown);
}
