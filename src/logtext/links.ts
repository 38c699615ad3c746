// Places that a row of a log names: files with their lines, and addresses.

export type LogLink = {
  /** Its part of the row's text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
} & (
  | { readonly kind: 'url'; readonly url: string }
  /** `line` counts from 1; undefined where only the file is named. */
  | { readonly kind: 'file'; readonly path: string; readonly line: number | undefined }
);

const inTraceback = /\bFile "([^"<>]{1,1024})", line (\d{1,9})/g;
const url = /\bhttps?:\/\/[^\s"'<>`{}|\\^]{1,2048}/g;
/** `/dags/load.py`, `dags/load.py:12`; not a bare `load.py`, which may be any. */
const python =
  /(?<![\w./\\:-])(?:[A-Za-z]:)?(?:[\w.@~+-]{0,128}[/\\]){1,32}[\w.@+-]{1,128}\.py\b(?::(\d{1,9}))?/g;

/** No more of a row is looked at, in characters. */
const mostCharacters = 4096;

/** The links of a row, in order, not overlapping. */
export function linksIn(row: string): LogLink[] {
  const text = row.slice(0, mostCharacters);
  const links: LogLink[] = [];
  for (const match of text.matchAll(inTraceback)) {
    const [all, path = '', line] = match;
    links.push({ kind: 'file', path, line: Number(line), start: match.index, end: match.index + all.length });
  }
  for (const match of text.matchAll(url)) {
    const address = trimmed(match[0]);
    const end = match.index + address.length;
    if (isFree(links, match.index, end)) links.push({ kind: 'url', url: address, start: match.index, end });
  }
  if (text.includes('.py')) {
    for (const match of text.matchAll(python)) {
      const [all, line] = match;
      const path = line === undefined ? all : all.slice(0, -line.length - 1);
      const end = match.index + all.length;
      if (!isFree(links, match.index, end)) continue;
      links.push({
        kind: 'file',
        path,
        line: line === undefined ? undefined : Number(line),
        start: match.index,
        end,
      });
    }
  }
  return links.sort((one, other) => one.start - other.start);
}

/**
 * The paths below a DAG folder that a path from elsewhere (a container, another checkout) may mean, the longest first:
 * of `/opt/dags/etl/load.py` `opt/dags/etl/load.py`, `dags/etl/load.py`, `etl/load.py`, `load.py`. None for files of
 * Python itself and of installed packages.
 */
export function relativePathsOf(path: string): string[] {
  const normal = path.replaceAll('\\', '/');
  if (/\/(?:site|dist)-packages\/|\/lib\/python\d/.test(normal)) return [];
  const parts = normal.split('/').filter((part) => part !== '' && part !== '.' && !/^[A-Za-z]:$/.test(part));
  if (parts.includes('..')) return [];
  return parts.map((_, index) => parts.slice(index).join('/'));
}

function isFree(links: readonly LogLink[], start: number, end: number): boolean {
  return links.every((link) => link.end <= start || link.start >= end);
}

/** Without what ends the sentence around an address: a full stop, a bracket that it did not open. */
function trimmed(address: string): string {
  let text = address;
  for (;;) {
    const last = text.at(-1) ?? '';
    const opening = { ')': '(', ']': '[' }[last];
    const isStray = opening !== undefined && count(text, last) > count(text, opening);
    if (!isStray && !'.,;:!?'.includes(last)) return text;
    text = text.slice(0, -1);
  }
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}
