import path from 'node:path';
import type { ClusterView } from '../../api/people.ts';

/** The DAG folder of a cluster, by each name that it has: a file has the same path below all of them. */
export interface DagFolder {
  /** On this machine, as the cluster was given it. */
  readonly local: string;
  /** On this machine without symbolic links, as an editor may have opened it and Python may name it. */
  readonly real: string;
  /** Where Airflow reads it: in Docker another place than here. */
  readonly airflow: string;
  /** Whether Airflow's paths are those of this machine. */
  readonly here: boolean;
}

/** Undefined where the cluster has none. `realPath`: without symbolic links, the path itself where it can't be told. */
export function dagFolderOf(
  cluster: ClusterView | undefined,
  realPath: (file: string) => string,
): DagFolder | undefined {
  const local = cluster?.dags_folder;
  if (local === undefined || local === null) return undefined;
  const mounted = cluster?.dags_mount;
  return { local, real: realPath(local), airflow: mounted ?? local, here: mounted === undefined };
}

/** The path below the DAG folder of a file of this machine, with `/`; undefined where it lies elsewhere. */
export function belowOf({ local, real }: DagFolder, file: string): string | undefined {
  return below(path, local, file) ?? below(path, real, file);
}

/**
 * The same of a file as Airflow names it: absolute where it runs, or relative to the folder. Undefined where it lies
 * elsewhere.
 */
export function belowOfAirflow(folder: DagFolder, file: string): string | undefined {
  if (folder.here && path.isAbsolute(file)) return belowOf(folder, file);
  // In a container it is a POSIX path, whatever this machine is.
  if (path.posix.isAbsolute(file)) return below(path.posix, folder.airflow, file);
  const relative = path.posix.normalize(file.replaceAll('\\', '/'));
  return isInside(relative) ? relative : undefined;
}

/** The file of this machine at a path below the DAG folder. */
export function fileAt({ local }: DagFolder, relative: string): string {
  return path.join(local, ...relative.split('/'));
}

/** The file of this machine that Airflow names so; undefined where Airflow reads it elsewhere. */
export function localFileOf(folder: DagFolder, file: string): string | undefined {
  const below = belowOfAirflow(folder, file);
  if (below !== undefined) return fileAt(folder, below);
  // Not in the DAG folder, but on the same machine: one of Airflow's own examples, say.
  return folder.here && path.isAbsolute(file) ? file : undefined;
}

function below(paths: path.PlatformPath, folder: string, file: string): string | undefined {
  const relative = paths.relative(folder, file);
  if (!isInside(relative) || paths.isAbsolute(relative)) return undefined;
  return relative.split(paths.sep).join('/');
}

function isInside(relative: string): boolean {
  return relative !== '' && relative !== '.' && !/^\.\.([\\/]|$)/.test(relative);
}
