import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { explain, sentences } from '../cluster/connection.ts';
import { Disposing } from '../dispose.ts';
import { Masks } from './masks.ts';
import { tools, type Tool } from './tools.ts';

/** Lets language models look at the cluster, where the editor has such. They change nothing, and secrets are masked. */
export class Tools extends Disposing {
  readonly #app: App;
  readonly #masks = new Masks();

  constructor(app: App) {
    super();
    this.#app = app;
    // Editors that are built from VS Code may lack it.
    const models = vscode.lm as Partial<typeof vscode.lm> | undefined;
    if (typeof models?.registerTool !== 'function') return;
    for (const tool of tools) {
      const registered = models.registerTool(tool.name, {
        prepareInvocation: ({ input }) => ({ invocationMessage: tool.message(input) }),
        invoke: async ({ input }, token) => result(await this.#answer(tool, input, token)),
      });
      this.register(registered);
    }
  }

  async #answer(tool: Tool, input: unknown, token: vscode.CancellationToken): Promise<string> {
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

function result(text: string): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}
