import * as vscode from 'vscode';
import { textOf, type ShownRow } from './followed.ts';
import type { LineEdit } from './lineEdits.ts';

/** A log's text in the editor, which is edited where it is known what stands in it. */
export class OpenText {
  readonly #uri: vscode.Uri;
  /** The document's version of which that is known. */
  #known: number | undefined;

  constructor(uri: vscode.Uri) {
    this.#uri = uri;
  }

  /**
   * Turns the lines `before` into `after`. False where other lines stand in the document, it is none any more, or it was
   * changed meanwhile: it is to be read again then. It is not marked as changed: its file system is a read-only one.
   */
  async change(
    before: readonly ShownRow[],
    after: readonly ShownRow[],
    edits: readonly LineEdit[],
  ): Promise<boolean> {
    const document = this.#document();
    if (!document || !this.#has(document, before)) return false;
    const edit = new vscode.WorkspaceEdit();
    for (const each of edits) edit.replace(this.#uri, ...replacement(before, each));
    this.#known = undefined;
    // Refused where the document has another version by then.
    if (!(await vscode.workspace.applyEdit(edit))) return false;
    if (document.isClosed || !isLike(document, after)) return false;
    this.#known = document.version;
    return true;
  }

  #document(): vscode.TextDocument | undefined {
    const key = this.#uri.toString();
    return vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === key);
  }

  #has(document: vscode.TextDocument, rows: readonly ShownRow[]): boolean {
    if (!isLike(document, rows)) return false;
    if (document.version === this.#known) return true;
    return document.getText().replaceAll('\r\n', '\n') === textOf(rows);
  }
}

/** Whether a document has as many lines, with the same at its beginning, in its middle and at its end. */
export function isLike(document: vscode.TextDocument, rows: readonly ShownRow[]): boolean {
  const { lineCount } = document;
  if (rows.length !== lineCount) return false;
  return [0, lineCount >> 1, lineCount - 1].every((line) => rows[line]?.text === document.lineAt(line).text);
}

/** Whole lines; at the document's end, which has no line feed, from the end of the line before on. */
function replacement(before: readonly ShownRow[], { from, to, lines }: LineEdit): [vscode.Range, string] {
  const text = lines.join('\n');
  if (to < before.length) return [new vscode.Range(from, 0, to, 0), lines.length > 0 ? `${text}\n` : ''];
  const end = new vscode.Position(before.length - 1, before.at(-1)?.text.length ?? 0);
  if (from === 0) return [new vscode.Range(new vscode.Position(0, 0), end), text];
  const start = new vscode.Position(from - 1, before[from - 1]?.text.length ?? 0);
  return [new vscode.Range(start, end), lines.length > 0 ? `\n${text}` : ''];
}
