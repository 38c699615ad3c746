import * as l10n from '@vscode/l10n';
import { levels, type Level } from '../../logtext/row.ts';
import type { LogFile, LogView } from '../logs/view.ts';
import { choices, type Choice } from './choice.ts';

/** What a log can show, for pickers, with what holds now marked. */
export const logViewChoices = {
  levels: (now: Level | undefined): Choice<Level | 'any'>[] => {
    // All are at least the least.
    const least = levels.filter((level) => level !== 'debug');
    return choices(['any', ...least], levelNames(), now ?? 'any');
  },
  streams: (files: readonly LogFile[], { file, raw }: LogView): Choice<LogFile | 'raw'>[] => {
    const values = files.flatMap((each): (LogFile | 'raw')[] =>
      each === 'airflow' ? [each, 'raw'] : [each],
    );
    return choices(values, streamNames(), file === 'airflow' && raw ? 'raw' : file);
  },
};

function levelNames(): Record<Level | 'any', string> {
  return {
    any: l10n.t('Any level'),
    debug: 'debug',
    info: l10n.t('{0} and worse', 'info'),
    warning: l10n.t('{0} and worse', 'warning'),
    error: l10n.t('{0} and worse', 'error'),
    critical: 'critical',
  };
}

function streamNames(): Record<LogFile | 'raw', string> {
  return {
    stdout: l10n.t('Standard output'),
    stderr: l10n.t('Standard error'),
    airflow: l10n.t('Airflow’s own log'),
    raw: l10n.t('Airflow’s own log, as it was written (JSON)'),
    all: l10n.t('Standard output and standard error, by time'),
  };
}
