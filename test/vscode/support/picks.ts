import assert from 'node:assert/strict';
import * as vscode from 'vscode';

type Method = 'showQuickPick' | 'showInputBox' | 'showOpenDialog' | 'showSaveDialog';

interface Item {
  readonly label: string;
  readonly description?: string;
}

/** An input box that was shown. */
export interface Box {
  readonly title: string;
  readonly prompt: string;
  readonly value: string;
}

/**
 * Answers pickers, input boxes and the choice of a folder in a person's place: nobody can type while the editor is
 * tested. What is not answered is closed.
 */
export class Picks {
  /** The items of each picker that was shown. */
  readonly pickers: (readonly Item[])[] = [];
  readonly boxes: Box[] = [];
  /** Why what was typed is not taken. */
  readonly refused: string[] = [];
  readonly #labels: (string | readonly string[])[] = [];
  readonly #texts: string[] = [];
  readonly #folders: string[] = [];
  readonly #files: string[] = [];
  readonly #before = new Map<Method, unknown>();

  /** Chooses the item of a label, of one picker. */
  pick(label: string): void {
    this.#labels.push(label);
  }

  /** Chooses all items of some labels, of one picker in which several can be chosen. */
  pickMany(labels: readonly string[]): void {
    this.#labels.push(labels);
  }

  /** Types in one input box; where that is refused, the next text in the same one. */
  type(...texts: readonly string[]): void {
    this.#texts.push(...texts);
  }

  folder(folder: string): void {
    this.#folders.push(folder);
  }

  /** Where something is saved. */
  file(file: string): void {
    this.#files.push(file);
  }

  install(): void {
    this.#replace('showQuickPick', async (items: readonly Item[] | Promise<readonly Item[]>) => {
      const shown = await items;
      this.pickers.push(shown);
      const label = this.#labels.shift();
      if (label === undefined) return undefined;
      if (typeof label !== 'string') return shown.filter((one) => label.includes(one.label));
      const item = shown.find((one) => one.label === label);
      assert.ok(item, `${label} is in the picker: ${shown.map((one) => one.label).join(', ')}`);
      return item;
    });
    this.#replace('showInputBox', async (options: vscode.InputBoxOptions) => {
      const { title = '', prompt = '', value = '' } = options;
      this.boxes.push({ title, prompt, value });
      for (let text = this.#texts.shift(); text !== undefined; text = this.#texts.shift()) {
        const problem = await options.validateInput?.(text);
        if (!problem) return text;
        this.refused.push(typeof problem === 'string' ? problem : problem.message);
      }
      return undefined;
    });
    this.#replace('showOpenDialog', () => {
      const folder = this.#folders.shift();
      return Promise.resolve(folder === undefined ? undefined : [vscode.Uri.file(folder)]);
    });
    this.#replace('showSaveDialog', () => {
      const file = this.#files.shift();
      return Promise.resolve(file === undefined ? undefined : vscode.Uri.file(file));
    });
  }

  remove(): void {
    for (const [method, value] of this.#before) define(method, value);
  }

  forget(): void {
    for (const list of [
      this.pickers,
      this.boxes,
      this.refused,
      this.#labels,
      this.#texts,
      this.#folders,
      this.#files,
    ]) {
      list.length = 0;
    }
  }

  #replace(method: Method, value: unknown): void {
    this.#before.set(method, vscode.window[method]);
    define(method, value);
  }
}

function define(method: Method, value: unknown): void {
  Object.defineProperty(vscode.window, method, { value, configurable: true, writable: true });
}
