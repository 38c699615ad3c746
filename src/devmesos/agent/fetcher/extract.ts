import path from 'node:path';
import { messageOf } from '../../../host/errors.ts';
import { FetchError } from './fetchError.ts';
import { workAs, type Worker } from './workAs.ts';

const tarNames = ['.tar', '.tgz', '.tar.gz', '.tbz2', '.tar.bz2', '.txz', '.tar.xz'];

/** Constant, with the names as its parameters. */
const gunzip = 'exec gunzip -d -c <"$1" >"$2"';

/** How the programs say that a file is no archive at all. */
const notAnArchive =
  /does not look like a tar archive|not in gzip format|unrecognized archive format|invalid tar magic|zipfile directory|end-of-central-directory|file format not recognized|not a bzip2 file/i;

/**
 * Extracts what its name shows to be an archive into a folder, with modes and links, all belonging to the worker. Members
 * with `..` in their path are refused, by tar and unzip themselves (unzip puts them into the folder, and fails). False: it is no archive.
 * @param note is told of what Mesos' fetcher logs
 */
export async function extract(
  archive: string,
  folder: string,
  worker: Worker,
  note: (text: string) => void,
): Promise<boolean> {
  const isTar = tarNames.some((end) => archive.endsWith(end));
  if (isTar || archive.endsWith('.zip')) {
    try {
      if (isTar) await workAs(worker, 'tar', ['-x', '-o', '-f', archive, '-C', folder]);
      else await workAs(worker, 'unzip', ['-o', archive, '-d', folder]);
    } catch (error) {
      worker.signal.throwIfAborted();
      const why = notAnArchive.test(messageOf(error)) ? 'Unrecognized archive format' : messageOf(error);
      throw new FetchError(`Failed to extract archive '${archive}' to '${folder}': ${why}`);
    }
    return true;
  }
  if (!archive.endsWith('.gz')) return false;
  const file = path.join(folder, path.basename(archive, '.gz'));
  try {
    await workAs(worker, 'sh', ['-c', gunzip, 'gunzip', archive, file]);
  } catch (error) {
    worker.signal.throwIfAborted();
    throw new FetchError(`Failed to extract '${archive}': 'gunzip -d -c' failed: ${messageOf(error)}`);
  }
  note(`Extracted '${archive}' into '${folder}'`);
  return true;
}
