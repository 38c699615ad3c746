import * as vscode from 'vscode';
import { Disposing } from '../dispose.ts';
import { taskOfLine } from './names.ts';
import { runLogScheme } from '../logs/schemes.ts';

/** The terminal's colours, which fit the theme; not red, which is for what failed. */
const colors = ['Cyan', 'Green', 'Yellow', 'Magenta', 'Blue'].flatMap((name) => [
  `terminal.ansi${name}`,
  `terminal.ansiBright${name}`,
]);

/** Draws the names before the lines of a run's logs, each task in a colour of its own; many share them. */
export class TaskColors extends Disposing {
  /** Made once there is something to draw. */
  #types: readonly vscode.TextEditorDecorationType[] | undefined;
  /** Which colour a task has, by document. */
  readonly #taken = new WeakMap<vscode.TextDocument, Map<string, number>>();

  constructor() {
    super();
    const { window, workspace } = vscode;
    this.register(
      window.onDidChangeVisibleTextEditors((editors) => editors.forEach((editor) => this.#draw(editor))),
    );
    this.register(window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#draw(textEditor)));
    this.register(
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme !== runLogScheme) return;
        for (const editor of window.visibleTextEditors) if (editor.document === document) this.#draw(editor);
      }),
    );
    window.visibleTextEditors.forEach((editor) => this.#draw(editor));
  }

  /** Only what is in view. */
  #draw(editor: vscode.TextEditor): void {
    const { document, visibleRanges } = editor;
    if (document.uri.scheme !== runLogScheme) return;
    const taken = this.#taken.get(document) ?? new Map<string, number>();
    this.#taken.set(document, taken);
    const ranges = colors.map((): vscode.Range[] => []);
    for (const { start, end } of visibleRanges) {
      for (let line = start.line; line <= Math.min(end.line, document.lineCount - 1); line += 1) {
        const named = taskOfLine(document.lineAt(line).text);
        if (!named) continue;
        const color = taken.get(named.task) ?? taken.size % colors.length;
        taken.set(named.task, color);
        ranges[color]?.push(new vscode.Range(line, 0, line, named.end));
      }
    }
    this.#types ??= colors.map((id) =>
      this.register(vscode.window.createTextEditorDecorationType({ color: new vscode.ThemeColor(id) })),
    );
    this.#types.forEach((type, index) => editor.setDecorations(type, ranges[index] ?? []));
  }
}
