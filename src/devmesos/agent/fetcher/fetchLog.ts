import fs from 'node:fs';

/** Where Mesos' fetcher logs each of its sentences: a line of its fetcher.cpp. */
const places = {
  info: 562,
  uri: 459,
  direct: 290,
  cached: 349,
  download: 175,
  notExtracted: 332,
  notExtractedFromCache: 394,
  extracted: 132,
  fetched: 618,
  done: 623,
  failed: 615,
} as const;

export type FetchPlace = keyof typeof places;

const severities: Partial<Record<FetchPlace, 'W' | 'E'>> = {
  notExtracted: 'W',
  notExtractedFromCache: 'W',
  failed: 'E',
};

/** Writes into a sandbox's `stderr` what the fetcher does, as Mesos' fetcher does it there. */
export class FetchLog {
  readonly #file: number;
  readonly #now: () => number;

  /** `file`: a descriptor. */
  constructor(file: number, now: () => number) {
    this.#file = file;
    this.#now = now;
  }

  add(place: FetchPlace, text: string): void {
    const head = `${severities[place] ?? 'I'}${timeText(this.#now())} ${process.pid} fetcher.cpp:${places[place]}]`;
    this.raw(`${head} ${text}`);
  }

  raw(line: string): void {
    fs.writeSync(this.#file, `${line}\n`);
  }
}

/** As glog writes it: `1122 14:43:47.037436`, local time. */
function timeText(now: number): string {
  const date = new Date(now);
  const digits = (value: number, length = 2): string => String(value).padStart(length, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => digits(part)).join(':');
  return `${digits(date.getMonth() + 1)}${digits(date.getDate())} ${time}.${digits(date.getMilliseconds(), 3)}000`;
}
