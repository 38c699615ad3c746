import * as vscode from 'vscode';
import type { LogChunk, TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { ExplainedError } from '../../host/errors.ts';
import { Disposing } from '../dispose.ts';
import { LogFollower, type LogFile, type LogSource } from './follower.ts';
import { logScheme, taskRunIn } from './uri.ts';

/** Read-only documents with the log of a task run, followed while an editor shows them. */
export class LogDocuments extends Disposing implements vscode.TextDocumentContentProvider {
  readonly #client: () => ServiceClient | undefined;
  readonly #followers = new Map<string, LogFollower>();
  /** Documents whose last line was in view before they changed: their editors go on with it. */
  readonly #atEnd = new Set<string>();
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor(client: () => ServiceClient | undefined) {
    super();
    this.#client = client;
    this.register(vscode.workspace.registerTextDocumentContentProvider(logScheme, this));
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
    return this.#followerOf(uri).text;
  }

  #followerOf(uri: vscode.Uri): LogFollower {
    const key = uri.toString();
    let follower = this.#followers.get(key);
    if (!follower) {
      follower = new LogFollower(this.#sourceOf(taskRunIn(uri)));
      this.#followers.set(key, follower);
      follower.onDidChange(() => {
        this.#noteEnd(key);
        this.#changed.fire(uri);
      });
      if (editorsOf(key).length > 0) follower.follow();
    }
    return follower;
  }

  #sourceOf(id: string): LogSource {
    const client = (): ServiceClient => {
      const found = this.#client();
      if (!found) throw new ExplainedError('The cluster is not running');
      return found;
    };
    return {
      read: async (file: LogFile, offset: number, signal: AbortSignal): Promise<LogChunk> =>
        client().log(id, { file, offset }, { signal }),
      taskRun: async (signal: AbortSignal): Promise<TaskRun> => client().task(id, { signal }),
    };
  }

  #followVisible(): void {
    for (const [key, follower] of this.#followers) {
      if (editorsOf(key).length > 0) follower.follow();
      else follower.pause();
    }
  }

  /** A change of its language closes a document and opens it again, without its content being asked for. */
  #open({ uri }: vscode.TextDocument): void {
    if (uri.scheme === logScheme) this.#followerOf(uri);
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
    if (document.uri.scheme !== logScheme) return;
    const key = document.uri.toString();
    if (this.#atEnd.has(key)) editorsOf(key).forEach(revealEnd);
  }
}

function editorsOf(key: string): readonly vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter((editor) => editor.document.uri.toString() === key);
}

function revealEnd(editor: vscode.TextEditor): void {
  const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
  editor.revealRange(new vscode.Range(end, end));
}
