import path from 'node:path';
import { relativePathsOf } from '../../logtext/links.ts';
import { belowOfAirflow, fileAt, type DagFolder } from '../dagFiles/folder.ts';

/** Where files may lie that a log names. */
export interface FileRoots {
  /** Of the cluster; undefined where it has none on this machine. */
  readonly dags: DagFolder | undefined;
  /** The folders that the window shows. */
  readonly workspace: readonly string[];
}

/** It is looked again whether a file is there only after this time, in milliseconds. */
const staleMs = 10_000;
/** More paths than a log has that anybody follows. */
const mostRemembered = 2000;

/**
 * Finds the files of the window that the paths in a log mean, wherever the task ran: in a container the DAG folder has
 * another name, on an agent maybe another checkout.
 */
export class NamedFiles {
  readonly #isFile: (file: string) => Promise<boolean>;
  readonly #now: () => number;
  /** By root and path. */
  readonly #found = new Map<string, { readonly file: Promise<string | undefined>; readonly at: number }>();

  constructor(isFile: (file: string) => Promise<boolean>, now: () => number = () => performance.now()) {
    this.#isFile = isFile;
    this.#now = now;
  }

  /** Undefined where none that exists is meant. */
  find(named: string, roots: FileRoots): Promise<string | undefined> {
    const key = JSON.stringify([named, roots]);
    const known = this.#found.get(key);
    if (known && this.#now() - known.at < staleMs) return known.file;
    if (this.#found.size >= mostRemembered) this.#found.clear();
    const file = this.#first(candidates(named, roots));
    this.#found.set(key, { file, at: this.#now() });
    return file;
  }

  async #first(files: readonly string[]): Promise<string | undefined> {
    for (const file of files) if (await this.#isFile(file)) return file;
    return undefined;
  }
}

/** The likeliest first. */
function candidates(named: string, { dags, workspace }: FileRoots): string[] {
  const files = new Set<string>();
  const below = dags && path.posix.isAbsolute(named) ? belowOfAirflow(dags, named) : undefined;
  if (dags && below !== undefined) files.add(fileAt(dags, below));
  if (path.isAbsolute(named)) {
    const isInside = (root: string): boolean => path.resolve(named).startsWith(path.join(root, path.sep));
    if (workspace.some(isInside)) files.add(path.resolve(named));
  }
  const roots = [...(dags ? [dags.local] : []), ...workspace];
  for (const relative of relativePathsOf(named)) {
    for (const root of roots) files.add(path.join(root, ...relative.split('/')));
  }
  return [...files];
}
