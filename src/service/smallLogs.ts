import { messageOf } from '../host/errors.ts';
import { trimLog } from '../host/logFiles.ts';
import type { Logger } from './log.ts';

const everyMs = 60_000;

/** Keeps log files from growing for ever while their writers run. Returns what ends it. */
export function keepLogsSmall(files: readonly string[], log: Logger): () => void {
  const trim = async (): Promise<void> => {
    for (const file of files) {
      await trimLog(file).catch((error: unknown) =>
        log.warn(`${file} cannot be trimmed: ${messageOf(error)}`),
      );
    }
  };
  const timer = setInterval(() => void trim(), everyMs);
  return () => clearInterval(timer);
}
