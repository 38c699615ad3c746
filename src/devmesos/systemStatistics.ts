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

/** The same by the names that metrics have. */
export function systemMetrics(): Record<string, number> {
  const [oneMinute = 0, fiveMinutes = 0, fifteenMinutes = 0] = os.loadavg();
  return {
    'system/cpus_total': os.cpus().length,
    'system/load_15min': fifteenMinutes,
    'system/load_1min': oneMinute,
    'system/load_5min': fiveMinutes,
    'system/mem_free_bytes': os.freemem(),
    'system/mem_total_bytes': os.totalmem(),
  };
}
