import type { ServiceRuntime } from '../api/cluster.ts';
import { protocolVersion } from '../api/common.ts';
import { writePrivateFile } from '../host/files.ts';
import type { ClusterFolder } from '../host/folders.ts';
import { identify } from '../host/processes.ts';
import { version } from './version.ts';

/** Says where this process listens, from which clients find it. `more`: what else is to be known of it. */
export async function writeRuntime(
  folder: Pick<ClusterFolder, 'runtime'>,
  { socket, url }: Pick<ServiceRuntime, 'socket' | 'url'>,
  more: Partial<ServiceRuntime> = {},
): Promise<void> {
  const self = await identify(process.pid);
  const runtime: ServiceRuntime = {
    ...{ protocol: protocolVersion, version, pid: process.pid, started: self?.started ?? '' },
    ...{ socket, url, ...more },
  };
  await writePrivateFile(folder.runtime, `${JSON.stringify(runtime, null, 2)}\n`);
}
