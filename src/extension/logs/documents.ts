import * as vscode from 'vscode';
import { Disposing } from '../dispose.ts';
import type { ReadOnlyFiles } from '../lateFileSystem.ts';
import type { Followed, ShownRow } from './followed.ts';
import { LogFile } from './logFile.ts';
import { isLike, OpenText } from './openText.ts';
import { editorsOf, LogPlaces, revealEnd } from './places.ts';
import type { LogView } from './view.ts';
import { LogViews, type Memory } from './views.ts';

/** Makes what a document of a scheme shows. Throws for an address that names no log. */
export type Open = (uri: vscode.Uri) => Followed;

/** A document that opens shows its log at once where that comes so soon, in milliseconds. */
const firstLookMs = 1000;
/** A document that has other lines than it should for so long is read again. Milliseconds. */
const otherLinesMs = 1000;
/** Who reads a file shows it within this time, or does not mean to. Milliseconds. */
const showWithinMs = 10_000;

/**
 * Read-only files with logs, followed while an editor shows them. Files, because the tabs of no other documents come back
 * after a reload of the window.
 */
export class LogDocuments extends Disposing implements ReadOnlyFiles {
  readonly #schemes: ReadonlyMap<string, Open>;
  readonly #views: LogViews;
  readonly #files = new Map<string, LogFile>();
  /** Those that no editor has shown yet: one is about to. */
  readonly #fresh = new Set<LogFile>();
  readonly #places = this.register(new LogPlaces(({ scheme }) => this.#schemes.has(scheme)));
  /** What the documents show, as they stood in the editor last. */
  readonly #lines = new WeakMap<vscode.TextDocument, readonly ShownRow[]>();
  readonly #checks = new Map<string, NodeJS.Timeout>();
  readonly #changed = this.register(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly onDidChangeFile = this.#changed.event;
  readonly #drawn = this.register(new vscode.EventEmitter<vscode.TextDocument>());
  /** A document of ours has opened, or has other lines than before: `rowsOf` has what they show. */
  readonly onDidChangeRows = this.#drawn.event;

  /** `memory`: of the workspace, for what is shown of each log. */
  constructor(schemes: ReadonlyMap<string, Open>, memory: Memory) {
    super();
    this.#schemes = schemes;
    this.#views = new LogViews(memory);
    this.register(vscode.window.onDidChangeVisibleTextEditors(() => this.#noteVisible()));
    this.register(
      this.#places.onDidChange(({ key, isAtEnd }) => this.#files.get(key)?.log.setAtEnd(isAtEnd)),
    );
    this.register(vscode.workspace.onDidOpenTextDocument((document) => this.#opened(document)));
    this.register(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#changedText(document)));
    this.register(
      // A change of its language closes a document and opens it again at once.
      vscode.workspace.onDidCloseTextDocument(({ uri }) => setImmediate(() => this.#close(uri.toString()))),
    );
    this.register({ dispose: () => this.#checks.forEach((timer) => clearTimeout(timer)) });
    this.register({ dispose: () => this.#files.forEach((file) => file.dispose()) });
  }

  /** Opens it and shows its end. */
  async show(uri: vscode.Uri): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    await this.#asLog(document);
    const key = uri.toString();
    const isElsewhere = this.logOf(uri)?.growsAtEnd === false;
    if (!isElsewhere) this.#places.stick(key, true);
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    if (!isElsewhere) revealEnd(editor);
  }

  /** Undefined for a document that is none of ours, or is not open. */
  logOf(uri: vscode.Uri): Followed | undefined {
    return this.#files.get(uri.toString())?.log;
  }

  /** What the lines of a document show, as it stands in the editor now; none where that is not known for a moment. */
  rowsOf(document: vscode.TextDocument): readonly ShownRow[] {
    const lately = this.#files.get(document.uri.toString())?.lately;
    return lately?.find((rows) => isLike(document, rows)) ?? [];
  }

  /** Shows something else of a log, and remembers it over a reload of the window. */
  setView(uri: vscode.Uri, view: LogView): void {
    const log = this.logOf(uri);
    if (!log) return;
    const key = uri.toString();
    const { file, raw, from } = log.view;
    this.#views.set(key, view);
    if (view.from !== undefined && view.from !== from) this.#places.toBeginning(key);
    else if (view.from !== from || view.file !== file || view.raw !== raw) this.#places.stick(key, true);
    log.setView(view);
  }

  /** Shows what lies before a document's first line; what is read stays in view. False: there is nothing. */
  async loadEarlier(uri: vscode.Uri): Promise<boolean> {
    this.#places.stick(uri.toString(), false);
    return (await this.logOf(uri)?.moving?.loadEarlier()) ?? false;
  }

  /** Goes to the end of a log, and on with it. */
  goToEnd(uri: vscode.Uri): void {
    const key = uri.toString();
    const log = this.logOf(uri);
    if (log && !log.growsAtEnd) {
      this.setView(uri, { ...log.view, from: undefined });
    }
    this.#places.stick(key, true);
    editorsOf(key).forEach(revealEnd);
  }

  watch(): vscode.Disposable {
    // Whether an editor shows it is known without.
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { modified, bytes } = await this.#fileOf(uri);
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: modified,
      size: bytes.length,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#fileOf(uri)).bytes;
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  /** Once there is something to be seen, or that takes long. */
  async #fileOf(uri: vscode.Uri): Promise<LogFile> {
    const key = uri.toString();
    let file = this.#files.get(key);
    if (!file) {
      const made = new LogFile(this.#open(uri), new OpenText(uri), firstLookMs);
      made.onDidChange(() => this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]));
      this.#files.set(key, made);
      this.#fresh.add(made);
      setTimeout(() => this.#notFresh(key, made), showWithinMs);
      file = made;
    }
    await file.ready;
    return file;
  }

  #open(uri: vscode.Uri): Followed {
    const open = this.#schemes.get(uri.scheme);
    if (!open || uri.query === '') throw vscode.FileSystemError.FileNotFound(uri);
    let log: Followed;
    try {
      log = open(uri);
    } catch {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    log.setView(this.#views.get(uri.toString()));
    return log;
  }

  #noteVisible(): void {
    for (const [key, file] of this.#files) {
      const isVisible = editorsOf(key).length > 0;
      if (isVisible) this.#fresh.delete(file);
      if (!this.#fresh.has(file)) file.setVisible(isVisible);
    }
  }

  /** Whoever read it to copy it, say, follows nothing. */
  #notFresh(key: string, file: LogFile): void {
    this.#fresh.delete(file);
    if (this.#files.get(key) !== file) return;
    this.#close(key);
    this.#noteVisible();
  }

  #opened(document: vscode.TextDocument): void {
    if (!this.#schemes.has(document.uri.scheme)) return;
    void this.#asLog(document);
    // Closed and opened again in one breath, it was not read again. An address that names nothing was refused before.
    this.#fileOf(document.uri).then(
      () => this.#changedText(document),
      () => undefined,
    );
  }

  async #asLog(document: vscode.TextDocument): Promise<void> {
    if (!this.#schemes.has(document.uri.scheme) || document.languageId !== 'plaintext') return;
    await vscode.languages.setTextDocumentLanguage(document, 'log');
  }

  #close(key: string): void {
    if (vscode.workspace.textDocuments.some(({ uri }) => uri.toString() === key)) return;
    this.#files.get(key)?.dispose();
    this.#files.delete(key);
    this.#places.forget(key);
  }

  #changedText(document: vscode.TextDocument): void {
    if (!this.#schemes.has(document.uri.scheme)) return;
    const before = this.#lines.get(document) ?? [];
    const after = this.rowsOf(document);
    this.#lines.set(document, after);
    this.#places.changed(document, { before, after }, this.logOf(document.uri)?.growsAtEnd ?? true);
    this.#drawn.fire(document);
    if (after !== this.#files.get(document.uri.toString())?.lately[0]) this.#checkSoon(document);
  }

  /** What was read before an edit may have come into the document behind it. */
  #checkSoon(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    if (this.#checks.has(key)) return;
    const check = (): void => {
      this.#checks.delete(key);
      const file = this.#files.get(key);
      if (!file || document.isClosed) return;
      if (file.isChanging) this.#checkSoon(document);
      else if (this.rowsOf(document) !== file.lately[0]) file.reread();
    };
    this.#checks.set(key, setTimeout(check, otherLinesMs));
  }
}
