/** A DAG file that Airflow could not load. */
export interface ImportError {
  /** The file's absolute path where Airflow says it, else as Airflow names it. */
  readonly file: string;
  /** Where in that file, counted from 1; null where the trace doesn't name it. */
  readonly line: number | null;
  /** The error itself: "ModuleNotFoundError: No module named 'pandsa'". */
  readonly message: string;
  readonly trace: string;
}

/** Airflow's record of an import error, read: the error's own line, and where in the file it arose. */
export function toImportError(record: { filename: string; stack_trace: string }): ImportError {
  const trace = record.stack_trace.trimEnd();
  const lines = trace.split('\n').filter((line) => line.trim() !== '');
  return {
    file: record.filename,
    line: lineIn(record.filename, trace),
    message: lines.at(-1)?.trim() ?? '',
    trace,
  };
}

/** The last frame of the trace that lies in the file: the deepest line of the person's own that led to the error. */
function lineIn(file: string, trace: string): number | null {
  let found: number | null = null;
  for (const match of trace.matchAll(/^\s*File "(.+)", line (\d+)/gm)) {
    const [, named, line] = match;
    if (named && line && (named === file || named.endsWith(`/${file}`))) found = Number(line);
  }
  return found;
}
