import type { Resources } from '../api/common.ts';

/** `1 task run`, `2 task runs`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A number with at most one decimal: `3`, `2.5`. */
export function amount(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Megabytes (2^20 bytes) for a person: `512 MB`, `1.2 GB`. */
export function memory(megabytes: number): string {
  return megabytes < 1024 ? `${amount(megabytes)} MB` : `${amount(megabytes / 1024)} GB`;
}

/** Bytes for a person: `812 bytes`, `64 kB`, `1.2 MB`. */
export function bytes(count: number): string {
  if (count < 1024) return counted(count, 'byte');
  return count < 1024 * 1024 ? `${amount(count / 1024)} kB` : `${amount(count / 1024 / 1024)} MB`;
}

/** What there is of cpus and memory: `2.5 cpus, 6 GB`. */
export function resourcesText({ cpus, mem, gpus }: Resources): string {
  const parts = [`${amount(cpus)} ${cpus === 1 ? 'cpu' : 'cpus'}`, memory(mem)];
  if (gpus > 0) parts.push(counted(gpus, 'gpu'));
  return parts.join(', ');
}

/** How much of a total is used, in four steps: `■■■□`. Anything used shows, and only all fills it. */
export function bar(used: number, total: number): string {
  const share = total > 0 ? Math.min(1, used / total) : 0;
  let steps = Math.round(share * 4);
  if (share > 0) steps = Math.max(1, steps);
  if (share < 1) steps = Math.min(3, steps);
  return '■'.repeat(steps) + '□'.repeat(4 - steps);
}

/** How long something took, exactly enough: `0.8 s`, `14.2 s`, `2 min 5 s`, `1 h 2 min`. */
export function duration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 59_950) return `${amount(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

/** How long something has lasted, made coarse so that a row doesn't flicker: `< 1 min`, `5 min`, `2 h`. */
export function age(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return '< 1 min';
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** An instant as the clock on the wall says it, with the date where that isn't `now`'s: `15:12:02`, `11-22 15:12:02`. */
export function clock(instant: number, now: number): string {
  const at = new Date(instant);
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
  if (at.toDateString() === new Date(now).toDateString()) return time;
  return `${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())} ${time}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Lines from elsewhere as they stand, in Markdown: nothing in them ends the block. */
export function codeBlock(lines: readonly string[]): string {
  const text = lines.join('\n');
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}text\n${text}\n${fence}`;
}

/** Text from elsewhere as it stands, where Markdown is rendered. */
export function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$&]/g, '\\$&').replace(/\r?\n/g, '  \n');
}
