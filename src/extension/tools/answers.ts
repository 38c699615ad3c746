import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { explain, sentences } from '../cluster/connection.ts';
import { Masks } from './masks.ts';
import { tools, type Tool } from './tools.ts';

/** What language models are answered. Secrets are masked. */
export class Answers {
  readonly #app: App;
  readonly #masks = new Masks();

  constructor(app: App) {
    this.#app = app;
  }

  /** What the person sees while the tool of this name runs. */
  message(name: string, input: unknown): string {
    return named(name).message(input);
  }

  async answer(name: string, input: unknown, token: vscode.CancellationToken): Promise<string> {
    const tool = named(name);
    const { log, model } = this.#app;
    const { client } = model;
    if (!client)
      return `The cluster “${model.name}” is not running. The person can start it: “Start Mesos Airflow Cluster”.`;
    const cancel = new AbortController();
    const listening = token.onCancellationRequested(() => cancel.abort());
    try {
      const now = Date.now();
      const redact = await this.#masks.of(model.name, model.folder, now);
      return redact(await tool.answer({ client, redact, now, signal: cancel.signal }, input));
    } catch (error) {
      if (cancel.signal.aborted) throw new vscode.CancellationError();
      // An answer that says what is wrong helps more than one that fails.
      log.warn(`${tool.name}: ${sentences(explain(error))}`);
      return sentences(explain(error));
    } finally {
      listening.dispose();
    }
  }
}

function named(name: string): Tool {
  const found = tools.find((tool) => tool.name === name);
  if (!found) throw new Error(`there is no tool ${name}`);
  return found;
}
