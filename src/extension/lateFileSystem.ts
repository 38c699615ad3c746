import * as vscode from 'vscode';
import { Disposing } from './dispose.ts';

/** What answers for read-only files. */
export interface ReadOnlyFiles {
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>;
  watch(uri: vscode.Uri): vscode.Disposable;
  stat(uri: vscode.Uri): vscode.FileStat | Promise<vscode.FileStat>;
  readDirectory(uri: vscode.Uri): [string, vscode.FileType][] | Promise<[string, vscode.FileType][]>;
  readFile(uri: vscode.Uri): Promise<Uint8Array>;
}

/** Registered as the window opens, because a tab that comes back asks at once; what answers is loaded when it is asked. */
export class LateFileSystem extends Disposing implements vscode.FileSystemProvider {
  readonly #load: () => Promise<ReadOnlyFiles>;
  #loaded: Promise<ReadOnlyFiles> | undefined;
  readonly #changed = this.register(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly onDidChangeFile = this.#changed.event;

  constructor(schemes: readonly string[], load: () => Promise<ReadOnlyFiles>) {
    super();
    this.#load = load;
    const options = { isReadonly: true, isCaseSensitive: true };
    for (const scheme of schemes) {
      this.register(vscode.workspace.registerFileSystemProvider(scheme, this, options));
    }
  }

  watch(uri: vscode.Uri): vscode.Disposable {
    let isOver = false;
    let watching: vscode.Disposable | undefined;
    void this.#real().then((real) => {
      if (!isOver) watching = real.watch(uri);
    });
    return new vscode.Disposable(() => {
      isOver = true;
      watching?.dispose();
    });
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return (await this.#real()).stat(uri);
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return (await this.#real()).readDirectory(uri);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#real()).readFile(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  #real(): Promise<ReadOnlyFiles> {
    this.#loaded ??= this.#load().then((real) => {
      this.register(real.onDidChangeFile((changes) => this.#changed.fire(changes)));
      return real;
    });
    return this.#loaded;
  }
}
