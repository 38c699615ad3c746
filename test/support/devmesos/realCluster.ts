import path from 'node:path';
import { startDevMesos, type DevMesos, type DevMesosOptions } from '../../../src/devmesos/cluster.ts';
import { bundle } from '../bundles.ts';
import { temporaryFolder } from '../temporary.ts';

/** A dev Mesos of the sources of now, as processes, while `work` goes on. */
export async function withDevMesos<T>(
  options: Omit<DevMesosOptions, 'program' | 'port'>,
  work: (mesos: DevMesos) => Promise<T>,
): Promise<T> {
  const folder = await temporaryFolder('devmesos-bench');
  try {
    await bundle(['devmesos'], folder.path);
    const mesos = await startDevMesos({
      ...options,
      port: 0,
      program: path.join(folder.path, 'devmesos.cjs'),
    });
    try {
      return await work(mesos);
    } finally {
      await mesos.stop();
    }
  } finally {
    await folder.remove();
  }
}
