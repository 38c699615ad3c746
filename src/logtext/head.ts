import type { Level } from './row.ts';

// What the beginning of a line says: when it was written, and how bad it is. The formats are those that stand in
// sandboxes: our own text (textlog.py), Airflow 2's, structlog's console, Python's logging, and Mesos' (glog).

export interface Head {
  readonly time: number | undefined;
  readonly level: Level | undefined;
}

/** Where the level stands at the latest, in characters. */
const mostCharacters = 200;

const time =
  /^\[?(\d{4}-\d\d-\d\d)(?:[T ]|, )(\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))? ?(Z|UTC|[+-]\d\d:?\d\d)?(?![\w:])\]?/;
const glog = /^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ [^\s\]]+:\d+\] /;
const word =
  /\b(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|EXCEPTION|FATAL|CRITICAL)\b|\[(trace|debug|info|notice|warn|warning|error|exception|fatal|critical) *\]/;
const leading =
  /^\[?(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|EXCEPTION|FATAL|CRITICAL)(?:\]|:| +-| {1,8}(?=\S))/;

const levelOfWord: Readonly<Record<string, Level>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  notice: 'info',
  warn: 'warning',
  warning: 'warning',
  error: 'error',
  exception: 'error',
  fatal: 'critical',
  critical: 'critical',
};
const levelOfLetter: Readonly<Record<string, Level>> = {
  I: 'info',
  W: 'warning',
  E: 'error',
  F: 'critical',
};

/** Any program's word for a level (`WARN`, `fatal`) as one of ours. */
export function levelNamed(name: string): Level | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(levelOfWord, lower) ? levelOfWord[lower] : undefined;
}

/** Undefined where the line says neither a time nor a level. A time without a zone is one of this machine's zone. */
export function headOf(line: string): Head | undefined {
  const first = line.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  const isUpper = first >= 0x41 && first <= 0x5a;
  if (!isDigit && !isUpper && first !== 0x5b) return undefined;
  const beginning = line.slice(0, mostCharacters);
  const stamp = isUpper ? null : time.exec(beginning);
  if (stamp) {
    const found = word.exec(beginning.slice(stamp[0].length));
    return { time: instantOf(stamp), level: levelNamed(found?.[1] ?? found?.[2] ?? '') };
  }
  const letter = isUpper ? glog.exec(beginning)?.[1] : undefined;
  if (letter !== undefined) return { time: undefined, level: levelOfLetter[letter] };
  const level = levelNamed(leading.exec(beginning)?.[1] ?? '');
  return level && { time: undefined, level };
}

function instantOf([, day = '', clock = '', fraction = '', zone = '']: RegExpExecArray): number | undefined {
  const thousandths = fraction.slice(0, 3).padEnd(3, '0');
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const instant = Date.parse(`${day}T${clock}.${thousandths}${offset}`);
  return Number.isNaN(instant) ? undefined : instant;
}
