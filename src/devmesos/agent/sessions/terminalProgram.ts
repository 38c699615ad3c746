import fs from 'node:fs';
import path from 'node:path';
import { findProgram } from '../userSwitch.ts';

/** What gives a session a terminal: Node itself cannot. */
export interface TerminalProgram {
  readonly python: string;
  /** cluster/mesos/terminal.py. */
  readonly script: string;
}

/**
 * Finds it: the Python that was named where it is there, else `python3` of the search path; the script beside the bundle that runs (in images),
 * in its installation, or in the package. Undefined where one of them is missing.
 */
export function findTerminalProgram(
  named: string | undefined,
  entry: string,
  searchPath: string,
): TerminalProgram | undefined {
  const python =
    (named === undefined ? undefined : findProgram(named, '')) ?? findProgram('python3', searchPath);
  if (python === undefined || !fs.existsSync(entry)) return undefined;
  const folder = path.dirname(fs.realpathSync(entry));
  const script = ['.', 'images/mesos', '../cluster/mesos', '../../cluster/mesos']
    .map((place) => path.join(folder, place, 'terminal.py'))
    .find((file) => fs.existsSync(file));
  return script === undefined ? undefined : { python, script };
}
