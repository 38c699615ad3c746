import * as vscode from 'vscode';
import { Disposing } from '../dispose.ts';
import type { ReadOnlyFiles } from '../lateFileSystem.ts';
import type { Followed, ShownRow } from './followed.ts';
import { LogFile } from './logFile.ts';
import type { LogView } from './view.ts';
import { LogViews, type Memory } from './views.ts';

/** Makes what a document of a scheme shows. Throws for an address that names no log. */
export type Open = (uri: vscode.Uri) => Followed;

/** A document that opens shows its log at once where that comes so soon, in milliseconds. */
const firstLookMs = 1000;
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
  /** Documents whose end is in view: their editors go on with it. */
  readonly #atEnd = new Set<string>();
  /** Of each editor its first visible line, as the editor told it last. */
  readonly #firstSeen = new WeakMap<vscode.TextEditor, number>();
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
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#seen(textEditor)),
    );
    this.register(vscode.workspace.onDidOpenTextDocument((document) => this.#opened(document)));
    this.register(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#changedText(document)));
    this.register(
      // A change of its language closes a document and opens it again at once.
      vscode.workspace.onDidCloseTextDocument(({ uri }) => setImmediate(() => this.#close(uri.toString()))),
    );
    this.register({ dispose: () => this.#files.forEach((file) => file.dispose()) });
  }

  /** Opens it and shows its end. */
  async show(uri: vscode.Uri): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    await this.#asLog(document);
    this.#atEnd.add(uri.toString());
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    revealEnd(editor);
  }

  /** Undefined for a document that is none of ours, or is not open. */
  logOf(uri: vscode.Uri): Followed | undefined {
    return this.#files.get(uri.toString())?.log;
  }

  /** What the lines of a document show, as it stands in the editor now; none where that is not known for a moment. */
  rowsOf(document: vscode.TextDocument): readonly ShownRow[] {
    const { uri, lineCount } = document;
    const same = (rows: readonly ShownRow[]): boolean =>
      rows.length === lineCount &&
      [0, lineCount >> 1, lineCount - 1].every((line) => rows[line]?.text === document.lineAt(line).text);
    return this.#files.get(uri.toString())?.lately.find(same) ?? [];
  }

  /** Shows something else of a log, and remembers it over a reload of the window. */
  setView(uri: vscode.Uri, view: LogView): void {
    const log = this.logOf(uri);
    if (!log) return;
    this.#views.set(uri.toString(), view);
    log.setView(view);
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
      const made = new LogFile(this.#open(uri), firstLookMs);
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
      () => this.#drawn.fire(document),
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
    this.#atEnd.delete(key);
  }

  /** Who scrolls up stays there; who scrolls to the end stays at the end. */
  #seen(editor: vscode.TextEditor): void {
    const { document, visibleRanges } = editor;
    if (!this.#schemes.has(document.uri.scheme)) return;
    const key = document.uri.toString();
    const first = visibleRanges.at(0)?.start.line ?? 0;
    const last = visibleRanges.at(-1)?.end.line ?? 0;
    const before = this.#firstSeen.get(editor);
    this.#firstSeen.set(editor, first);
    // A line of grace: an empty one may stand at the end.
    if (last >= document.lineCount - 2) this.#atEnd.add(key);
    // An end that moves away under the view is no wish to stay; a view that moves up was moved by the person.
    else if (before !== undefined && first < before) this.#atEnd.delete(key);
  }

  #changedText(document: vscode.TextDocument): void {
    if (!this.#schemes.has(document.uri.scheme)) return;
    const key = document.uri.toString();
    if (this.#atEnd.has(key)) editorsOf(key).forEach(revealEnd);
    this.#drawn.fire(document);
  }
}

function editorsOf(key: string): readonly vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter((editor) => editor.document.uri.toString() === key);
}

function revealEnd(editor: vscode.TextEditor): void {
  // The beginning of the last line: its end would draw a long one's beginning out of sight.
  const end = new vscode.Position(editor.document.lineCount - 1, 0);
  editor.revealRange(new vscode.Range(end, end));
}
