import * as vscode from 'vscode';
import type { ClusterModel } from './cluster/model.ts';
import { Disposing } from './dispose.ts';
import type { Absence } from './windowCluster/absence.ts';

/**
 * What package.json's `when` clauses ask, all beginning with `mesosAirflow.`: `connection`, the phase of the connection, or
 * `starting`; `recording`: whether one is shown, `playing` or `paused`; while there is no cluster `othersRun`, whether others do, and `stopped`: `byPerson`, `itself` or empty.
 */
export class ContextKeys extends Disposing {
  readonly #said = new Map<string, unknown>();

  constructor(model: ClusterModel, absence: Absence) {
    super();
    this.register(
      model.onDidChange(() => {
        const { connection, starting, state } = model.picture;
        this.#say('connection', starting ? 'starting' : connection.phase);
        const recording = connection.phase === 'live' ? state?.cluster.recording : undefined;
        this.#say('recording', recording ? (recording.paused ? 'paused' : 'playing') : '');
      }),
    );
    this.register(
      absence.onDidChange(() => {
        const { itself, others, stopped } = absence.now;
        this.#say('othersRun', others.length > 0);
        this.#say('stopped', itself ? 'itself' : stopped ? 'byPerson' : '');
      }),
    );
  }

  #say(key: string, value: unknown): void {
    if (this.#said.get(key) === value) return;
    this.#said.set(key, value);
    void vscode.commands.executeCommand('setContext', `mesosAirflow.${key}`, value);
  }
}
