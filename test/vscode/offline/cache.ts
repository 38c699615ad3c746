import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';

/** Where tests keep what takes long to make, outside the checkout: `$MESOS_AIRFLOW_TEST_CACHE`, or the user's cache. */
export function testCache(env: NodeJS.ProcessEnv = process.env): string {
  const own = env.MESOS_AIRFLOW_TEST_CACHE;
  if (own) return path.resolve(own);
  return path.join(env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'mesos-airflow-test');
}

/** A folder in the cache for what is made from exactly these inputs. */
export function cacheFolder(name: string, inputs: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 12);
  return path.join(testCache(), `${name}-${hash}`);
}
