import os from 'node:os';

/** GET /system/stats.json, of the machine. */
export function systemStatistics(): object {
  const [oneMinute, fiveMinutes, fifteenMinutes] = os.loadavg();
  return {
    avg_load_15min: fifteenMinutes,
    avg_load_1min: oneMinute,
    avg_load_5min: fiveMinutes,
    cpus_total: os.cpus().length,
    mem_free_bytes: os.freemem(),
    mem_total_bytes: os.totalmem(),
  };
}
