import * as l10n from '@vscode/l10n';
import type { ImportError } from '../../api/people.ts';
import { belowOfAirflow, fileAt, type DagFolder } from './folder.ts';

/** A place in a file of this machine; `line` counts from 0. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** An import error where a person can mend it. */
export interface DagProblem extends Place {
  readonly message: string;
  /** Where else in the DAG folder it arose, the innermost place: in a module that the file imports, say. */
  readonly cause?: Place;
}

/** The import errors at files of this machine. One of a file that does not lie in the DAG folder has no place, and is left out. */
export function problemsOf(errors: readonly ImportError[], folder: DagFolder): DagProblem[] {
  return errors.flatMap((error) => {
    const problem = problemOf(error, folder);
    return problem ? [problem] : [];
  });
}

function problemOf(error: ImportError, folder: DagFolder): DagProblem | undefined {
  const below = belowOfAirflow(folder, error.file);
  const inner = framesOf(error.trace, folder).at(-1);
  const place = below === undefined ? undefined : fileAt(folder, below);
  const message = error.message || l10n.t('Airflow could not load this file.');
  if (error.line !== null && place !== undefined) {
    const line = Math.max(0, error.line - 1);
    const isElsewhere = inner !== undefined && (inner.file !== place || inner.line !== line);
    return { file: place, line, message, ...(isElsewhere ? { cause: inner } : {}) };
  }
  if (inner) return { ...inner, message };
  return place === undefined ? undefined : { file: place, line: 0, message };
}

/** The frames of a traceback that lie in the DAG folder, the innermost last. */
function framesOf(trace: string, folder: DagFolder): Place[] {
  const frames: Place[] = [];
  for (const [, named = '', line] of trace.matchAll(/^\s*File "(.+)", line (\d+)/gm)) {
    const below = belowOfAirflow(folder, named);
    // `<frozen importlib._bootstrap>` and `<string>` are no files.
    if (below === undefined || named.startsWith('<')) continue;
    frames.push({ file: fileAt(folder, below), line: Math.max(0, Number(line) - 1) });
  }
  return frames;
}
