import { listClusters } from '../../../src/client/discover.ts';
import { readIfThere } from '../../../src/host/files.ts';
import { userFolders } from '../../../src/host/folders.ts';
import { endProcess, type ProcessIdentity } from '../../../src/host/processes.ts';

/** Ends what a test left running below its home, by the identities that the clusters recorded: service first, then parts. */
export async function endClusters(home: string): Promise<void> {
  for (const cluster of await listClusters(userFolders({ MESOS_AIRFLOW_HOME: home }))) {
    const { runtime, folder } = cluster;
    if (runtime && runtime.pid !== process.pid) await endProcess(runtime, 5000);
    for (const part of identitiesIn(await readIfThere(folder.parts))) await endProcess(part, 5000);
  }
}

/** Every `{pid, started}` in a JSON text, wherever it stands. */
function identitiesIn(text: string | undefined): ProcessIdentity[] {
  const found: ProcessIdentity[] = [];
  if (text === undefined) return found;
  JSON.parse(text, (_key, value: unknown): unknown => {
    if (typeof value === 'object' && value && 'pid' in value && 'started' in value) {
      const { pid, started } = value;
      if (typeof pid === 'number' && typeof started === 'string') found.push({ pid, started });
    }
    return value;
  });
  return found;
}
