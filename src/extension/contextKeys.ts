import * as vscode from 'vscode';
import type { ClusterModel } from './cluster/model.ts';
import { Disposing } from './dispose.ts';

/** What package.json's `when` clauses ask: `mesosAirflow.connection`, the phase of the connection, or `starting`. */
export class ContextKeys extends Disposing {
  #said: string | undefined;

  constructor(model: ClusterModel) {
    super();
    this.register(model.onDidChange(() => this.#say(model)));
  }

  #say({ picture }: ClusterModel): void {
    const value = picture.starting ? 'starting' : picture.connection.phase;
    if (value === this.#said) return;
    this.#said = value;
    void vscode.commands.executeCommand('setContext', 'mesosAirflow.connection', value);
  }
}
