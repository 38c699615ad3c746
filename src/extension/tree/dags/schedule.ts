import * as l10n from '@vscode/l10n';

/** What Airflow calls schedules that it has no cron line for, and the usual cron lines. */
function nameOf(summary: string): string | undefined {
  switch (summary) {
    case '':
    case 'None':
      return l10n.t('by hand');
    case '@once':
      return l10n.t('once');
    case '@continuous':
      return l10n.t('continuously');
    case 'Asset':
    case 'Partitioned Asset':
    case 'PartitionedAtRuntime':
      return l10n.t('by assets');
    case '* * * * *':
      return l10n.t('every minute');
    case '0 * * * *':
    case '@hourly':
      return l10n.t('hourly');
    case '0 0 * * *':
    case '@daily':
      return l10n.t('daily');
    case '0 0 * * 0':
    case '@weekly':
      return l10n.t('weekly');
    case '0 0 1 * *':
    case '@monthly':
      return l10n.t('monthly');
    case '0 0 1 */3 *':
    case '@quarterly':
      return l10n.t('quarterly');
    case '0 0 1 1 *':
    case '@yearly':
      return l10n.t('yearly');
    default:
      return undefined;
  }
}

/**
 * A DAG's schedule in words: Airflow's summary of its timetable, which is a cron line, Python's way to write a time span, or
 * a word. What has no short words stays as it is.
 */
export function scheduleText(summary: string | null): string {
  const text = (summary ?? '').trim();
  const assetsOr = /^Asset or (.+)$/.exec(text)?.[1];
  if (assetsOr !== undefined) return l10n.t('by assets or {0}', scheduleText(assetsOr));
  return nameOf(text) ?? everyOf(text) ?? spanOf(text) ?? text;
}

/** A cron line with a step in its minutes or hours. */
function everyOf(cron: string): string | undefined {
  const minutes = /^\*\/(\d+) \* \* \* \*$/.exec(cron)?.[1];
  // Of others the last step of an hour or day is shorter.
  if (minutes !== undefined && 60 % Number(minutes) === 0) return everyMinutes(Number(minutes));
  const hours = /^0 \*\/(\d+) \* \* \*$/.exec(cron)?.[1];
  return hours !== undefined && 24 % Number(hours) === 0 ? everyHours(Number(hours)) : undefined;
}

/** `0:05:00`, `1 day, 0:00:00`, as Python writes a timedelta. */
function spanOf(text: string): string | undefined {
  const match = /^(?:(\d+) days?, )?(\d+):(\d\d):(\d\d)$/.exec(text);
  if (!match) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part?: string) => Number(part ?? 0));
  if (days > 0 && hours + minutes + seconds === 0) {
    return days === 1 ? l10n.t('daily') : l10n.t('every {0} days', days);
  }
  if (days === 0 && hours > 0 && minutes + seconds === 0) return everyHours(hours);
  if (days + hours === 0 && minutes > 0 && seconds === 0) return everyMinutes(minutes);
  if (days + hours + minutes === 0) {
    return seconds === 1 ? l10n.t('every second') : l10n.t('every {0} seconds', seconds);
  }
  return l10n.t('every {0}', text);
}

function everyMinutes(count: number): string {
  return count === 1 ? l10n.t('every minute') : l10n.t('every {0} minutes', count);
}

function everyHours(count: number): string {
  return count === 1 ? l10n.t('hourly') : l10n.t('every {0} hours', count);
}
