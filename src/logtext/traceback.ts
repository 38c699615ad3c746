// Exceptions that Airflow sends as data (structlog's ExceptionDictTransformer), drawn as Python draws them.

/** One exception; behind it in its list stands what it came of. */
interface Exception {
  readonly exc_type?: unknown;
  readonly exc_value?: unknown;
  readonly exc_notes?: unknown;
  readonly syntax_error?: unknown;
  /** Of one that stands behind another: that the other was raised `from` it. */
  readonly is_cause?: unknown;
  readonly frames?: unknown;
  /** Of an exception group: a list for each exception in it. */
  readonly exceptions?: unknown;
}

/** How deep groups in groups are drawn. */
const mostDepth = 10;

/** The lines of a traceback; undefined where the data is none. */
export function tracebackOf(detail: unknown): string[] | undefined {
  if (typeof detail === 'string') return detail.replace(/\n+$/, '').split('\n');
  if (!isListOfObjects(detail)) return undefined;
  const drawing = new Drawing();
  drawing.chain(detail);
  return drawing.lines;
}

/** Lines with the bars of the exception groups around them, as in Python's own `traceback`. */
class Drawing {
  readonly lines: string[] = [];
  #depth = 0;
  /** The innermost group's last exception closes the bars of all groups that end with it. */
  #open = false;

  /** The outermost exception is first in the data and last in what Python draws. */
  chain(exceptions: readonly Exception[]): void {
    for (const [index, each] of [...exceptions.entries()].reverse()) {
      this.#exception(each);
      if (index === 0) continue;
      const how = each.is_cause
        ? 'The above exception was the direct cause of the following exception:'
        : 'During handling of the above exception, another exception occurred:';
      this.#emit(['', how, '']);
    }
  }

  #exception(each: Exception): void {
    const groups = Array.isArray(each.exceptions) ? each.exceptions.filter(isListOfObjects) : [];
    const own = [...framesOf(each), ...syntaxError(each.syntax_error), ...lastLines(each)];
    if (groups.length === 0 || this.#depth > mostDepth) {
      this.#emit(own);
      return;
    }
    const isOutermost = this.#depth === 0;
    if (isOutermost) this.#depth = 1;
    const [first = '', ...rest] = own;
    const title = first.startsWith('Traceback') ? `Exception Group ${first}` : first;
    this.#emit([title], isOutermost ? '+' : '|');
    this.#emit(rest);
    for (const [index, group] of groups.entries()) {
      const isLast = index === groups.length - 1;
      this.#open = isLast;
      const corner = index === 0 ? '+-' : '  ';
      this.lines.push(`${this.#indent}${corner}+---------------- ${index + 1} ----------------`);
      this.#depth += 1;
      this.chain(group);
      if (isLast && this.#open) {
        this.lines.push(`${this.#indent}+------------------------------------`);
        this.#open = false;
      }
      this.#depth -= 1;
    }
    if (isOutermost) this.#depth = 0;
  }

  #emit(lines: readonly string[], bar = '|'): void {
    const before = this.#depth === 0 ? '' : `${this.#indent}${bar} `;
    for (const line of lines) this.lines.push(`${before}${line}`.trimEnd());
  }

  get #indent(): string {
    return '  '.repeat(this.#depth);
  }
}

function framesOf({ frames }: Exception): string[] {
  if (!isListOfObjects(frames) || frames.length === 0) return [];
  const all = frames.map((frame) => frame as { filename?: unknown; lineno?: unknown; name?: unknown });
  const isAirflows = (name: unknown): boolean => String(name).includes('/site-packages/airflow/');
  const theirs = Math.max(
    0,
    all.findIndex(({ filename }) => !isAirflows(filename)),
  );
  const lines = ['Traceback (most recent call last):'];
  // How Airflow came to call the task is the same each time, and stands in the file itself.
  if (theirs > 0) lines.push(`  (${theirs} frames of Airflow)`);
  for (const { filename, lineno, name } of all.slice(theirs)) {
    lines.push(`  File "${String(filename)}", line ${Number(lineno) || 0}, in ${String(name)}`);
  }
  return lines;
}

function syntaxError(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { filename, lineno, line, offset } = error as Record<string, unknown>;
  const lines = [`  File "${String(filename)}", line ${Number(lineno) || 0}`];
  if (typeof line !== 'string' || line.trim() === '') return lines;
  const text = line.trim();
  lines.push(`    ${text}`);
  const column = Number(offset) - 1 - (line.length - line.trimStart().length);
  if (column >= 0 && column <= text.length) lines.push(`    ${' '.repeat(column)}^`);
  return lines;
}

function lastLines({ exc_type: type, exc_value: value, exc_notes: notes }: Exception): string[] {
  const words = typeof value === 'string' && value !== '' ? `: ${value}` : '';
  const all = [`${String(type)}${words}`, ...(Array.isArray(notes) ? notes.map(String) : [])];
  return all.flatMap((text) => text.split('\n'));
}

function isListOfObjects(value: unknown): value is object[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null);
}
