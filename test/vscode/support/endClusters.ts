import { recordedParts } from '../../../src/api/cluster.ts';
import { listClusters } from '../../../src/client/discover.ts';
import { readIfThere } from '../../../src/host/files.ts';
import { userFolders } from '../../../src/host/folders.ts';
import { endProcess } from '../../../src/host/processes.ts';

/** Ends what a test left running below its home, by the identities that the clusters recorded: the service, then parts. */
export async function endClusters(home: string): Promise<void> {
  for (const { runtime, folder } of await listClusters(userFolders({ MESOS_AIRFLOW_HOME: home }))) {
    if (runtime && runtime.pid !== process.pid) await endProcess(runtime, 5000);
    const text = await readIfThere(folder.parts);
    if (text === undefined) continue;
    for (const part of recordedParts.parse(JSON.parse(text)).parts.reverse()) await endProcess(part, 5000);
  }
}
