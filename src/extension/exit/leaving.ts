import { spawn } from 'node:child_process';
import os from 'node:os';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ClusterModel } from '../cluster/model.ts';
import { downUnlessUsedArguments, type Program } from '../commandLine/arguments.ts';
import { readSettings, settingsSection } from '../settings.ts';
import { StartedHere } from './choose.ts';

/** A window that is reloaded is back by then, also on a busy machine. */
const backSeconds = 20;
/** Remembered of this machine: the question was asked. */
const askedKey = 'onExitAsked';

export interface LeavingOptions {
  readonly model: Pick<ClusterModel, 'name' | 'picture'>;
  /** The name of the cluster that the window is about; where a recording is shown the model has another. */
  readonly cluster: () => string;
  readonly program: () => Program;
  readonly log: Pick<vscode.LogOutputChannel, 'info'>;
  readonly context: Pick<vscode.ExtensionContext, 'workspaceState' | 'globalState'>;
}

/** What becomes of the cluster when the window is closed: by the setting mesosAirflow.onExit, asked for once. */
export class Leaving {
  readonly #options: LeavingOptions;
  readonly #startedHere: StartedHere;

  constructor(options: LeavingOptions) {
    this.#options = options;
    this.#startedHere = new StartedHere(options.context.workspaceState);
  }

  /** A cluster is being started from this window. */
  begins(name: string): Promise<void> {
    return this.#startedHere.add(name);
  }

  /** It was ended, or its start came to nothing. */
  ended(name: string): Promise<void> {
    return this.#startedHere.remove(name);
  }

  /** Asks, unless the setting says it or it was asked before; nothing waits for the answer. */
  async askOnce(): Promise<void> {
    const { globalState } = this.#options.context;
    if (readSettings().onExit !== 'ask' || globalState.get(askedKey) === true) return;
    await globalState.update(askedKey, true);
    const keep = l10n.t('Keep It Running');
    const stop = l10n.t('Stop It');
    const later = l10n.t('Ask Next Time');
    const text = l10n.t(
      'When you close VS Code, what shall become of the cluster? Its runs are kept in either case.',
    );
    const answer = await vscode.window.showInformationMessage(text, keep, stop, later);
    if (answer === later) await this.askAgain();
    if (answer === keep) await setOnExit('keep');
    if (answer === stop) await setOnExit('stop');
  }

  /** The question comes after the next start once more. */
  async askAgain(): Promise<void> {
    await this.#options.context.globalState.update(askedKey, undefined);
  }

  /**
   * The window goes. Where the cluster is to go with it, a process is left behind that ends it unless somebody follows it
   * some seconds later: another window, or this one, reloaded. Returns at once.
   */
  leave(): void {
    const { model, cluster, program, log } = this.#options;
    const name = cluster();
    const { connection, starting } = model.picture;
    const isDown = connection.phase !== 'live' && connection.phase !== 'lost' && starting === undefined;
    if (model.name === name && isDown) return;
    if (readSettings().onExit !== 'stop' || !this.#startedHere.has(name)) return;
    const { command, args, env } = program();
    const down = downUnlessUsedArguments(name, backSeconds);
    log.info(`mesos-airflow ${down.join(' ')}`);
    const child = spawn(command, [...args, ...down], {
      cwd: os.homedir(),
      env,
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
    });
    // Nobody is left to be told.
    child.on('error', () => undefined);
    child.unref();
  }

  dispose(): void {
    this.leave();
  }
}

async function setOnExit(value: 'keep' | 'stop'): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(settingsSection);
  await configuration.update('onExit', value, vscode.ConfigurationTarget.Global);
}
