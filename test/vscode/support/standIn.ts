import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';

export type Step =
  | { readonly out: unknown }
  | { readonly error: unknown }
  | { readonly waitMs: number }
  /** Goes on with the lines that `say` adds, until it is interrupted. */
  | { readonly live: true }
  | { readonly exit: number };

export interface Call {
  readonly command: string;
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Noted when it was told to give up. */
  readonly interrupted?: true;
}

/** A command line that says what a test wrote for it, in place of the real one: by the setting mesosAirflow.nodePath. */
export class StandIn {
  readonly #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stand-in-'));

  async install(): Promise<void> {
    const extension = vscode.extensions.getExtension('mesos-airflow.mesos-airflow');
    const script = path.join(extension?.extensionPath ?? '', 'test', 'vscode', 'support', 'standIn.mjs');
    const program = path.join(this.#folder, 'node');
    const lines = ['#!/bin/sh', `STAND_IN='${this.#folder}' exec node '${script}' "$@"`, ''];
    fs.writeFileSync(program, lines.join('\n'), { mode: 0o755 });
    await setNodePath(program);
  }

  /** The real command line, until it is installed again. */
  async useReal(): Promise<void> {
    await setNodePath(undefined);
  }

  async remove(): Promise<void> {
    await setNodePath(undefined);
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What a command does from now on. */
  plays(command: string, ...steps: readonly Step[]): void {
    fs.writeFileSync(path.join(this.#folder, `${command}.json`), JSON.stringify(steps));
  }

  /** A line more of a command that is `live`. */
  say(command: string, line: unknown): void {
    const text = typeof line === 'string' ? line : JSON.stringify(line);
    fs.appendFileSync(path.join(this.#folder, `${command}.live`), `${text}\n`);
  }

  /** All calls of a command, or where one was interrupted. */
  calls(command: string): Call[] {
    const file = path.join(this.#folder, 'calls.jsonl');
    if (!fs.existsSync(file)) return [];
    const lines = fs.readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Call).filter((call) => call.command === command);
  }

  /** As if nothing had been called or said. What each command plays stays. */
  forget(): void {
    const forgotten = fs.readdirSync(this.#folder).filter((name) => /\.(jsonl|live)$/.test(name));
    for (const name of forgotten) fs.rmSync(path.join(this.#folder, name));
  }
}

async function setNodePath(value: string | undefined): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('mesosAirflow');
  await configuration.update('nodePath', value, vscode.ConfigurationTarget.Workspace);
}
