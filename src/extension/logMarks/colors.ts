import * as vscode from 'vscode';
import type { Style } from '../../logtext/row.ts';
import { Disposing } from '../dispose.ts';
import type { LogDocuments } from '../logs/documents.ts';
import { logSchemes } from '../logs/schemes.ts';
import { Throttle } from '../throttle.ts';
import { lookOf, type Look, type LookColor, type ThemeKind } from './looks.ts';
import { marksOf, NameStyles, type Trouble } from './marks.ts';

/** An editor that is scrolled is drawn anew at most so often, in milliseconds. */
const drawMs = 50;
/** So many lines above and below those in view are drawn too: they have their colours when they come into view. */
const margin = 50;
/** A program may write in millions of colours: behind so many styles those that were are forgotten. */
const mostStyles = 300;

/** Draws colours and styles of logs, and which of their lines tell of trouble; of what is in view only. */
export class LogColors extends Disposing {
  readonly #documents: LogDocuments;
  /** By style. */
  readonly #types = new Map<string, vscode.TextEditorDecorationType>();
  /** The types that an editor has ranges of. */
  readonly #drawn = new WeakMap<vscode.TextEditor, Set<vscode.TextEditorDecorationType>>();
  readonly #names = new WeakMap<vscode.TextDocument, NameStyles>();
  readonly #waiting = new Set<vscode.TextEditor>();
  readonly #draw = this.register(new Throttle(drawMs, () => this.#drawWaiting()));

  constructor(documents: LogDocuments) {
    super();
    this.#documents = documents;
    const { window } = vscode;
    this.register(window.onDidChangeVisibleTextEditors((editors) => this.#wish(editors)));
    this.register(window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#wish([textEditor])));
    this.register(
      documents.onDidChangeRows((document) =>
        this.#wish(window.visibleTextEditors.filter((editor) => editor.document === document)),
      ),
    );
    this.register({ dispose: () => this.#forgetTypes() });
    this.#wish(window.visibleTextEditors);
  }

  #wish(editors: readonly vscode.TextEditor[]): void {
    const logs = editors.filter(({ document }) => logSchemes.includes(document.uri.scheme));
    if (logs.length === 0) return;
    for (const editor of logs) this.#waiting.add(editor);
    this.#draw.poke();
  }

  #drawWaiting(): void {
    if (this.#types.size > mostStyles) {
      this.#forgetTypes();
      this.#wish(vscode.window.visibleTextEditors);
    }
    const editors = [...this.#waiting].filter((editor) => vscode.window.visibleTextEditors.includes(editor));
    this.#waiting.clear();
    for (const editor of editors) this.#drawIn(editor);
  }

  #drawIn(editor: vscode.TextEditor): void {
    const { document, visibleRanges } = editor;
    const rows = this.#documents.rowsOf(document);
    // Not known for a moment: what is drawn goes along with the text until it is.
    if (rows.length === 0) return;
    const names = this.#names.get(document) ?? new NameStyles();
    this.#names.set(document, names);
    const ranges = new Map<vscode.TextEditorDecorationType, vscode.Range[]>();
    const add = (type: vscode.TextEditorDecorationType, range: vscode.Range): void => {
      const others = ranges.get(type);
      if (others) others.push(range);
      else ranges.set(type, [range]);
    };
    for (const line of linesAround(visibleRanges, rows.length)) {
      const row = rows[line];
      if (!row) continue;
      const { spans, trouble } = marksOf(row, names);
      for (const { start, end, style } of spans) {
        add(this.#typeOf(style), new vscode.Range(line, start, line, end));
      }
      if (trouble) add(this.#typeOfTrouble(trouble), new vscode.Range(line, 0, line, 0));
    }
    for (const type of this.#drawn.get(editor) ?? []) if (!ranges.has(type)) editor.setDecorations(type, []);
    for (const [type, inView] of ranges) editor.setDecorations(type, inView);
    this.#drawn.set(editor, new Set(ranges.keys()));
  }

  #typeOf(style: Style): vscode.TextEditorDecorationType {
    return this.#type(JSON.stringify(style), () => {
      const drawn = (kind: ThemeKind): vscode.ThemableDecorationRenderOptions => asDrawn(lookOf(style, kind));
      return {
        light: drawn('light'),
        dark: drawn('dark'),
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      };
    });
  }

  /** A bar before the lines: their text has the colours that it was written in. */
  #typeOfTrouble(trouble: Trouble): vscode.TextEditorDecorationType {
    return this.#type(trouble, () => ({
      isWholeLine: true,
      borderStyle: 'solid',
      borderWidth: '0 0 0 2px',
      borderColor: new vscode.ThemeColor(`editor${trouble === 'error' ? 'Error' : 'Warning'}.foreground`),
    }));
  }

  #type(key: string, options: () => vscode.DecorationRenderOptions): vscode.TextEditorDecorationType {
    const known = this.#types.get(key);
    if (known) return known;
    const type = vscode.window.createTextEditorDecorationType(options());
    this.#types.set(key, type);
    return type;
  }

  #forgetTypes(): void {
    for (const type of this.#types.values()) type.dispose();
    this.#types.clear();
  }
}

/** The lines in view and some around them, each once, in order. */
function linesAround(ranges: readonly vscode.Range[], count: number): Set<number> {
  const lines = new Set<number>();
  for (const { start, end } of ranges) {
    const last = Math.min(end.line + margin, count - 1);
    for (let line = Math.max(0, start.line - margin); line <= last; line += 1) lines.add(line);
  }
  return lines;
}

function asDrawn({ color, backgroundColor, ...look }: Look): vscode.ThemableDecorationRenderOptions {
  return {
    ...look,
    ...(color === undefined ? {} : { color: asColor(color) }),
    ...(backgroundColor === undefined ? {} : { backgroundColor: asColor(backgroundColor) }),
  };
}

function asColor(color: LookColor): string | vscode.ThemeColor {
  return typeof color === 'string' ? color : new vscode.ThemeColor(color.id);
}
