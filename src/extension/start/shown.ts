import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { commandLineProgram, upArguments, upVariables } from '../commandLine/arguments.ts';
import { CancelledError } from '../commandLine/errors.ts';
import { runWithPhases } from '../commandLine/forApp.ts';
import { RunningPhases } from '../commandLine/runningPhases.ts';
import { secretReferences } from '../commandLine/secrets.ts';
import type { EngineName } from '../engine/facts.ts';
import { readSettings } from '../settings.ts';
import type { StartPlace } from './place.ts';

export interface StartOf {
  readonly name: string;
  readonly place: StartPlace;
  readonly engine: EngineName | 'auto';
}

/** How a start that nothing went wrong with ended: `left`: another window's goes on, which was only followed. */
export type StartEnd = 'stands' | 'cancelled' | 'left';

/**
 * Starts the cluster with its phases in a notification, which is there before anything else is done. Throws what the
 * command line says went wrong.
 */
export async function startShown(app: App, of: StartOf): Promise<StartEnd> {
  const began = performance.now();
  const known = of.engine === 'auto' ? {} : { engine: of.engine };
  const start = new ShownStart(app, known);
  try {
    await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: l10n.t('Starting Mesos Airflow ({0})', of.name),
        cancellable: true,
      },
      async (progress, token) => {
        start.shownIn(progress, token);
        app.log.info(`${of.name}: first phase shown after ${Math.round(performance.now() - began)} ms`);
        void vscode.commands.executeCommand('mesosAirflow.taskRuns.focus');
        await app.leaving.begins(of.name);
        await up(app, of, start);
      },
    );
    return 'stands';
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    return start.follows ? 'left' : 'cancelled';
  } finally {
    app.model.setStarting(undefined);
    app.model.look();
  }
}

/** A start as notification, status bar and views show it. */
class ShownStart {
  readonly #app: App;
  readonly #known: { readonly engine?: EngineName };
  readonly #phases = new RunningPhases();
  readonly #cancel = new AbortController();
  #progress: vscode.Progress<{ message?: string }> | undefined;
  /** Somebody else starts it, and this only follows. */
  follows = false;

  constructor(app: App, known: { readonly engine?: EngineName }) {
    this.#app = app;
    this.#known = known;
  }

  get signal(): AbortSignal {
    return this.#cancel.signal;
  }

  shownIn(progress: vscode.Progress<{ message?: string }>, token: vscode.CancellationToken): void {
    this.#progress = progress;
    this.#show(l10n.t('Checking this machine'), '');
    token.onCancellationRequested(() => {
      const message = this.follows
        ? l10n.t('not followed any more …')
        : l10n.t('cancelled, ending what was started …');
      progress.report({ message });
      this.#cancel.abort();
    });
  }

  readonly onPhase = (line: Parameters<RunningPhases['after']>[0]): void => {
    const { phase, detail } = this.#phases.after(line);
    this.#show(phase, detail);
  };

  readonly onFollowing = (): void => {
    this.follows = true;
    this.#show(l10n.t('Another window or terminal starts it'), '');
  };

  #show(phase: string, detail: string): void {
    this.#app.model.setStarting({ ...this.#known, phase, detail });
    if (this.signal.aborted) return;
    const what = detail === '' ? phase : `${phase} · ${detail}`;
    const message = this.follows ? l10n.t('started elsewhere, followed here: {0}', what) : what;
    this.#progress?.report({ message });
  }
}

async function up(app: App, { name, place, engine }: StartOf, start: ShownStart): Promise<void> {
  const settings = readSettings(place.scope);
  const { agents, cpus, mem, docker, idleStop } = settings;
  const secrets = secretReferences(settings.secrets);
  const dagsFolder = place.dagsFolder();
  const choices = { name, engine, dagsFolder, agents, cpus, mem, docker, secrets, idleStop };
  const program = commandLineProgram(app.extensionRoot, settings.nodePath);
  await runWithPhases(app, upArguments(choices), {
    program: { ...program, env: { ...program.env, ...upVariables(choices) } },
    ...(place.cwd === undefined ? {} : { cwd: place.cwd }),
    signal: start.signal,
    onPhase: start.onPhase,
    onFollowing: start.onFollowing,
  });
}
