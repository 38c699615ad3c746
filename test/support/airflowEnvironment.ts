import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureEnvironment } from '../../src/airflow/environment/ensure.ts';
import type { Environment } from '../../src/airflow/environment/types.ts';
import { userFolders } from '../../src/host/folders.ts';

const locks = fileURLToPath(new URL('../../cluster/airflow/locks', import.meta.url));

/** The environment that clusters run on, made by the product's own code; minutes at most the first time, then kept. */
export async function airflowEnvironment(onProgress?: (detail: string) => void): Promise<Environment> {
  return ensureEnvironment({
    lockFile: path.join(locks, 'airflow-3.txt'),
    uvLockFile: path.join(locks, 'uv.txt'),
    cacheFolder: userFolders().cache,
    ...(onProgress ? { onProgress: ({ detail }) => onProgress(detail) } : {}),
  });
}

/** By itself it prints the environment as JSON: scripts/python.mjs asks so. */
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const environment = await airflowEnvironment();
  process.stdout.write(JSON.stringify(environment));
}
