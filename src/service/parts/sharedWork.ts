type Report = (detail: string) => void;
type Work = (report: Report, signal: AbortSignal) => Promise<void>;

/** Work that several parts wait for and that is done once: all hear how it goes. Where it fails, the next to ask tries again. */
export function sharedWork(work: Work): Work {
  let under: Promise<void> | undefined;
  let last = '';
  const listeners = new Set<Report>();
  const tell: Report = (detail) => {
    last = detail;
    for (const listener of listeners) listener(detail);
  };
  return async (report, signal) => {
    listeners.add(report);
    if (last !== '') report(last);
    under ??= work(tell, signal)
      .catch((error: unknown) => {
        under = undefined;
        throw error;
      })
      .finally(() => {
        last = '';
      });
    try {
      await under;
    } finally {
      listeners.delete(report);
    }
  };
}
