import * as vscode from 'vscode';
import { Disposing } from '../dispose.ts';
import type { Answers } from './answers.ts';

/** As in package.json. */
export const toolNames = [
  'mesosAirflow_clusterStatus',
  'mesosAirflow_taskRuns',
  'mesosAirflow_whyTaskWaits',
  'mesosAirflow_taskLog',
] as const;

/** Lets language models look at the cluster, where the editor has such. They change nothing, and secrets are masked. */
export class Tools extends Disposing {
  /** `answers`: what answers them, once one asks. */
  constructor(answers: () => Promise<Pick<Answers, 'message' | 'answer'>>) {
    super();
    // Editors that are built from VS Code may lack it.
    const models = vscode.lm as Partial<typeof vscode.lm> | undefined;
    if (typeof models?.registerTool !== 'function') return;
    for (const name of toolNames) {
      const registered = models.registerTool(name, {
        prepareInvocation: async ({ input }) => ({
          invocationMessage: (await answers()).message(name, input),
        }),
        invoke: async ({ input }, token) => result(await (await answers()).answer(name, input, token)),
      });
      this.register(registered);
    }
  }
}

function result(text: string): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}
