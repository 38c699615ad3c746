import * as l10n from '@vscode/l10n';
import type { LogChunk } from '../../api/people.ts';
import { bytes } from '../format.ts';

/** How many bytes before its end a log is opened at. */
export const tailBytes = 64 * 1024;
/** Characters that a document holds at most, half of which go when they are reached. */
export const mostCharacters = 1024 * 1024;

/** The end of a log as far as it was read: replaced as a whole, never changed. */
export interface LogWindow {
  /** Bytes of the file before `text`. */
  readonly before: number;
  readonly text: string;
  /** The offset to read on at. */
  readonly next: number;
  readonly source: string;
  /** Lines left out because the file began anew meanwhile. */
  readonly restarted: boolean;
}

/** Where to begin in a file of `size` bytes. */
export function beginningOfTail(size: number): number {
  return Math.max(0, size - tailBytes);
}

/** The window after another piece of the file; the first one begins it. */
export function addChunk(window: LogWindow | undefined, chunk: LogChunk): LogWindow {
  if (!window || chunk.offset < window.next) {
    const text = chunk.offset === 0 ? chunk.data : fromFirstLine(chunk.data);
    return {
      before: chunk.next - Buffer.byteLength(text),
      text,
      next: chunk.next,
      source: chunk.source,
      restarted: window !== undefined,
    };
  }
  return bounded({ ...window, text: window.text + chunk.data, next: chunk.next, source: chunk.source });
}

/** Without the rest of a line (and of a character) that began earlier; all of it, if it is one line. */
function fromFirstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 || end === text.length - 1 ? text.replace(/^\uFFFD+/, '') : text.slice(end + 1);
}

function bounded(window: LogWindow): LogWindow {
  if (window.text.length <= mostCharacters) return window;
  const cut = window.text.length - mostCharacters / 2;
  const line = window.text.indexOf('\n', cut) + 1;
  const from = line > 0 ? line : cut;
  return {
    ...window,
    before: window.before + Buffer.byteLength(window.text.slice(0, from)),
    text: window.text.slice(from),
  };
}

/**
 * The document: where the log is from, what was read of it, and as its last line what became of the task once it ended,
 * or why nothing comes at the moment.
 */
export function documentText(window: LogWindow | undefined, last: string | undefined): string {
  const lines = [];
  if (window) {
    const { source, before } = window;
    const first = before > 0 ? l10n.t('{0} · the first {1} are not shown', source, bytes(before)) : source;
    lines.push(`── ${first} ──`);
    if (window.restarted) lines.push(`── ${l10n.t('the file began anew')} ──`);
    if (window.text !== '') lines.push(window.text.replace(/\r?\n$/, ''));
  }
  if (last !== undefined) lines.push(`── ${last} ──`);
  return lines.join('\n');
}
