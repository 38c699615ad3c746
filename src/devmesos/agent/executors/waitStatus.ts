import os from 'node:os';
import type { Exit } from '../exitText.ts';

/** Of an executor whose program could not be started: Mesos' launcher exits with 1001 then. */
export const notStarted = 1001 << 8;

/** How a process ended, as wait(2) gives it: an exit code in the second byte, or a signal's number. */
export function waitStatus({ code, signal }: Exit): number {
  return signal === null ? (code ?? 0) << 8 : os.constants.signals[signal];
}
