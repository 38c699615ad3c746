import * as vscode from 'vscode';
import { ServiceProblem } from '../../client/errors.ts';
import type { SandboxEntry } from '../../api/logs.ts';
import { explain, sentences } from '../cluster/connection.ts';
import { Disposing } from '../dispose.ts';
import { NoSandboxPlace, NotInSandbox } from './errors.ts';
import { SandboxFiles, type ClientOf } from './files.ts';
import { nameOf, placeOf, type Place } from './place.ts';
import { uriOf } from './uri.ts';
import { SandboxWatch, type Change } from './watch.ts';

const kinds: Readonly<Record<SandboxEntry['kind'], vscode.FileType>> = {
  file: vscode.FileType.File,
  folder: vscode.FileType.Directory,
  // What it leads to can be read like a file, or its agent refuses it.
  link: vscode.FileType.SymbolicLink | vscode.FileType.File,
  other: vscode.FileType.Unknown,
};

const changeTypes: Readonly<Record<Change['how'], vscode.FileChangeType>> = {
  changed: vscode.FileChangeType.Changed,
  created: vscode.FileChangeType.Created,
  deleted: vscode.FileChangeType.Deleted,
};

type ReadableFileSystem = Pick<
  vscode.FileSystemProvider,
  'onDidChangeFile' | 'watch' | 'stat' | 'readDirectory' | 'readFile'
>;

/** `mesos-sandbox:`, read-only: the folders in which tasks ran, and run. What nothing watches is never looked at. */
export class SandboxFileSystem extends Disposing implements ReadableFileSystem {
  readonly #changed = this.register(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly onDidChangeFile = this.#changed.event;
  readonly files: SandboxFiles;
  readonly watched: SandboxWatch;

  constructor(clientOf: ClientOf) {
    super();
    this.files = new SandboxFiles(clientOf);
    this.watched = this.register(
      new SandboxWatch({
        list: (folder) => this.files.list(folder, true),
        seen: (file) => this.files.seen(file),
        onChange: (changes) => {
          this.#changed.fire(
            changes.map(({ place, how }) => ({ uri: uriOf(place), type: changeTypes[how] })),
          );
        },
      }),
    );
  }

  /** The editor asks for each file that is visible, and for folders of the workspace. */
  watch(uri: vscode.Uri): vscode.Disposable {
    const place = placeOf(uri.path);
    if (!place) return new vscode.Disposable(() => undefined);
    const isFolder = place.path === '' || this.files.seen(place)?.kind === 'folder';
    const watching = isFolder ? this.watched.folder(place) : this.watched.file(place);
    return new vscode.Disposable(() => watching.dispose());
  }

  stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.#ask(uri, async (place) => {
      if (place.path !== '') return statOf(await this.files.entry(place));
      const entries = await this.files.list(place);
      const modified = Math.max(0, ...entries.map((entry) => entry.modified));
      return statOf({ path: '', kind: 'folder', size: 0, modified, mode: 0 });
    });
  }

  readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return this.#ask(uri, async (place) => {
      const entries = await this.files.list(place);
      return entries.map(({ path, kind }) => [nameOf(path), kinds[kind]]);
    });
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.#ask(uri, (place) => this.files.read(place));
  }

  async #ask<T>(uri: vscode.Uri, question: (place: Place) => Promise<T>): Promise<T> {
    try {
      const place = placeOf(uri.path);
      if (!place) throw new NoSandboxPlace(uri.path);
      return await question(place);
    } catch (error) {
      throw fileSystemError(error, uri);
    }
  }
}

function statOf({ kind, modified, size }: SandboxEntry): vscode.FileStat {
  const permissions = vscode.FilePermission.Readonly;
  return { type: kinds[kind], ctime: modified, mtime: modified, size, permissions };
}

/** The kinds that the editor knows; its own words for a file that is not there are enough. */
function fileSystemError(error: unknown, uri: vscode.Uri): vscode.FileSystemError {
  if (error instanceof NotInSandbox) return vscode.FileSystemError.FileNotFound(uri);
  const text = sentences(explain(error));
  const refused =
    error instanceof NoSandboxPlace || (error instanceof ServiceProblem && error.status === 400);
  return refused ? vscode.FileSystemError.NoPermissions(text) : vscode.FileSystemError.Unavailable(text);
}
