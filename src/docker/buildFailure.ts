import type { ExplainedError } from '../host/errors.ts';
import type { BuildOutput } from './buildOutput.ts';
import { BadImageName, BuildFailed } from './errors.ts';
import { diskFull, isDiskFull, pullFailure } from './pullFailure.ts';
import { parseReference } from './reference.ts';

/** How many of the step's last lines an error shows. */
const shownLines = 8;

/** Turns what the builder said at its end into an error for a person. */
export function buildFailure(said: string, tag: string, output: BuildOutput): ExplainedError {
  const { lastLines, step } = output;
  if (isDiskFull(`${said}\n${lastLines.join('\n')}`)) {
    return diskFull(`${tag} was not built: no space is left`, said);
  }
  const base = /^FROM (?:--\S+ )?(\S+)/i.exec(step?.instruction ?? '')?.[1];
  if (base !== undefined) {
    try {
      return pullFailure(said, parseReference(base), {});
    } catch (error) {
      if (!(error instanceof BadImageName)) throw error;
      return error;
    }
  }
  const where = step ? `step ${String(step.number)} of ${String(step.of)} failed` : 'it did not begin';
  return new BuildFailed(`The image ${tag} could not be built: ${where}`, {
    why: [step?.instruction, ...lastLines.slice(-shownLines).map((line) => `  ${line}`), said]
      .filter((part) => part !== undefined)
      .join('\n'),
    step: step?.instruction,
    lastLines,
  });
}
