import fs from 'node:fs/promises';

export interface Usage {
  /** So far. */
  readonly cpuSeconds: number;
  /** Resident. */
  readonly megabytes: number;
}

/** What a process of Linux has used. */
export async function usageOf(pid: number): Promise<Usage> {
  const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = await fs.readFile(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(status) ?? [];
  // In hundredths of a second, on every Linux there is.
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100, megabytes: Number(kilobytes) / 1024 };
}
