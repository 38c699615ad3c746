import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A folder of its own for a test; `remove` takes it away again. */
export async function temporaryFolder(name = 'test'): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), `mesos-airflow-${name}-`));
  return { path: folder, remove: () => fs.rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
