import * as vscode from 'vscode';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import type { ShownRow } from './followed.ts';
import { movedLine } from './movedLine.ts';

/** A document is looked at at its end, or no more. */
export interface EndSeen {
  /** The document's address. */
  readonly key: string;
  readonly isAtEnd: boolean;
}

/** Where editors look at documents that change: who is at the end goes on with it, who reads a line stays on it. */
export class LogPlaces extends Disposing {
  readonly #isLog: (uri: vscode.Uri) => boolean;
  readonly #changed = this.register(new Emitter<EndSeen>());
  readonly onDidChange = this.#changed.event;
  /** Of each document whether its end is in view, as far as that is known. */
  readonly #atEnd = new Map<string, boolean>();
  /** Documents whose beginning is to be shown once they have changed. */
  readonly #toBeginning = new Set<string>();
  /** Of each editor its first visible line, as the editor told it last. */
  readonly #firstSeen = new WeakMap<vscode.TextEditor, number>();

  constructor(isLog: (uri: vscode.Uri) => boolean) {
    super();
    this.#isLog = isLog;
    this.register(
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#seen(textEditor)),
    );
  }

  isAtEnd(key: string): boolean {
    return this.#atEnd.get(key) === true;
  }

  /** Whether its editors go on with its end from now on. */
  stick(key: string, isAtEnd: boolean): void {
    this.#toBeginning.delete(key);
    if (this.#atEnd.get(key) === isAtEnd) return;
    this.#atEnd.set(key, isAtEnd);
    this.#changed.fire({ key, isAtEnd });
  }

  /** Shows its first line once it has changed. */
  toBeginning(key: string): void {
    this.stick(key, false);
    this.#toBeginning.add(key);
  }

  forget(key: string): void {
    this.#atEnd.delete(key);
    this.#toBeginning.delete(key);
  }

  /** A document has other lines. `growsAtEnd`: an editor at its end goes on with it. */
  changed(
    document: vscode.TextDocument,
    { before, after }: { readonly before: readonly ShownRow[]; readonly after: readonly ShownRow[] },
    growsAtEnd: boolean,
  ): void {
    const key = document.uri.toString();
    const editors = editorsOf(key);
    if (this.#toBeginning.delete(key)) {
      for (const editor of editors) this.#showAtTop(editor, 0);
    } else if (this.isAtEnd(key) && growsAtEnd) {
      editors.forEach(revealEnd);
    } else {
      for (const editor of editors) {
        const first = editor.visibleRanges.at(0)?.start.line ?? 0;
        const line = movedLine(before, after, first);
        if (line !== first) this.#showAtTop(editor, line);
        // What came is below.
        const last = (editor.visibleRanges.at(-1)?.end.line ?? 0) + line - first;
        if (last < document.lineCount - 2) this.stick(key, false);
      }
    }
  }

  #showAtTop(editor: vscode.TextEditor, line: number): void {
    this.#firstSeen.set(editor, line);
    const at = Math.min(line + linesAbove(editor), editor.document.lineCount - 1);
    editor.revealRange(new vscode.Range(at, 0, at, 0), vscode.TextEditorRevealType.AtTop);
  }

  /** Who scrolls up stays there; who scrolls to the end stays at the end. */
  #seen(editor: vscode.TextEditor): void {
    const { document, visibleRanges } = editor;
    if (!this.#isLog(document.uri)) return;
    const first = visibleRanges.at(0)?.start.line ?? 0;
    const last = visibleRanges.at(-1)?.end.line ?? 0;
    const before = this.#firstSeen.get(editor);
    this.#firstSeen.set(editor, first);
    const key = document.uri.toString();
    // It looks elsewhere in a moment.
    if (this.#toBeginning.has(key)) return;
    // A line of grace: an empty one may stand at the end.
    if (last >= document.lineCount - 2) this.stick(key, true);
    // An end that moves away under the view is no wish to stay; a view that moves up was moved by the person. One that came
    // back with the window is where it was.
    else if (before === undefined ? !this.#atEnd.has(key) : first < before) this.stick(key, false);
  }
}

/** Of a document, by its address. */
export function editorsOf(key: string): readonly vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter((editor) => editor.document.uri.toString() === key);
}

export function revealEnd(editor: vscode.TextEditor): void {
  // The beginning of the last line: its end would draw a long one's beginning out of sight.
  const end = new vscode.Position(editor.document.lineCount - 1, 0);
  editor.revealRange(new vscode.Range(end, end));
}

/** So many lines the editor leaves above one that is revealed at the top. */
function linesAbove({ document, visibleRanges }: vscode.TextEditor): number {
  const settings = vscode.workspace.getConfiguration('editor', document);
  const isSticky = settings.get<boolean>('stickyScroll.enabled', true);
  const lines = Math.max(
    settings.get('cursorSurroundingLines', 0),
    isSticky ? settings.get('stickyScroll.maxLineCount', 5) : 0,
  );
  const seen = visibleRanges.at(0);
  const half = seen ? Math.floor((seen.end.line - seen.start.line) / 2) : lines;
  return Math.min(lines, half);
}
