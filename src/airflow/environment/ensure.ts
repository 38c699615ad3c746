import type { Environment, EnvironmentOptions } from './types.ts';

/**
 * The Python environment with Airflow: made from the lock at the first call (some 15 s, 290 MB), taken from the cache
 * afterwards. Throws ExplainedError with what to do (no Python, no network, a full disk, a conflict in the workspace's
 * requirements), or the signal's reason once it is aborted.
 */
export declare function ensureEnvironment(options: EnvironmentOptions): Promise<Environment>;
