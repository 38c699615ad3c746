import * as vscode from 'vscode';
import { Disposing } from '../dispose.ts';
import type { Followed } from './followed.ts';

/** Makes what a document of a scheme shows. */
export type Open = (uri: vscode.Uri) => Followed;

/** Read-only documents with logs, followed while an editor shows them. */
export class LogDocuments extends Disposing implements vscode.TextDocumentContentProvider {
  readonly #schemes: ReadonlyMap<string, Open>;
  readonly #followers = new Map<string, Followed>();
  /** Documents whose last line was in view before they changed: their editors go on with it. */
  readonly #atEnd = new Set<string>();
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor(schemes: ReadonlyMap<string, Open>) {
    super();
    this.#schemes = schemes;
    for (const scheme of schemes.keys()) {
      this.register(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    }
    this.register(vscode.window.onDidChangeVisibleTextEditors(() => this.#followVisible()));
    this.register(vscode.workspace.onDidCloseTextDocument((document) => this.#close(document)));
    this.register(vscode.workspace.onDidOpenTextDocument((document) => this.#open(document)));
    this.register(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#stayAtEnd(document)));
    this.register({ dispose: () => this.#followers.forEach((follower) => follower.dispose()) });
  }

  /** Opens it and shows its end. */
  async show(uri: vscode.Uri): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.languageId === 'plaintext') {
      await vscode.languages.setTextDocumentLanguage(document, 'log');
    }
    this.#atEnd.add(uri.toString());
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    revealEnd(editor);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#followerOf(uri)?.text ?? '';
  }

  /** Undefined for a document that is none of ours. */
  #followerOf(uri: vscode.Uri): Followed | undefined {
    const key = uri.toString();
    const known = this.#followers.get(key);
    if (known) return known;
    const follower = this.#schemes.get(uri.scheme)?.(uri);
    if (!follower) return undefined;
    this.#followers.set(key, follower);
    follower.onDidChange(() => {
      this.#noteEnd(key);
      this.#changed.fire(uri);
    });
    if (editorsOf(key).length > 0) follower.follow();
    return follower;
  }

  #followVisible(): void {
    for (const [key, follower] of this.#followers) {
      if (editorsOf(key).length > 0) follower.follow();
      else follower.pause();
    }
  }

  /** A change of its language closes a document and opens it again, without its content being asked for. */
  #open({ uri }: vscode.TextDocument): void {
    this.#followerOf(uri);
  }

  #close(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.#followers.get(key)?.dispose();
    this.#followers.delete(key);
    this.#atEnd.delete(key);
  }

  #noteEnd(key: string): void {
    const [editor] = editorsOf(key);
    if (!editor) return;
    const lastSeen = editor.visibleRanges.at(-1)?.end.line ?? 0;
    // A line of grace: an empty one may stand at the end.
    if (lastSeen >= editor.document.lineCount - 2) this.#atEnd.add(key);
    else this.#atEnd.delete(key);
  }

  #stayAtEnd(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    if (this.#atEnd.has(key)) editorsOf(key).forEach(revealEnd);
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
