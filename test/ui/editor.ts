// A person's editor: the real workbench with the package installed, on folders of its own, with clusters below a home of
// its own. All that it starts ends with it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { listClusters } from '../../src/client/discover.ts';
import { userFolders } from '../../src/host/folders.ts';
import { openBrowser, workbenchUrl, type Window } from '../vscode/offline/browser.ts';
import { startServer, type Server } from '../vscode/offline/server.ts';
import { setUpCodeServer } from '../vscode/offline/setup.ts';
import { onSignal } from '../vscode/offline/signals.ts';
import { endClusters } from '../vscode/support/endClusters.ts';
import { patience, restricted, shown, trustFolder } from './workbench.ts';

const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));

export interface EditorOptions {
  readonly vsix: string | readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Asked of a folder, as a person's editor does (default), or taken for granted. */
  readonly workspaceTrust?: boolean;
  readonly screen?: BrowserContextOptions;
  /**
   * The language that the editor tells extensions; default English. Its own texts stay English: a language pack would come
   * from the marketplace.
   */
  readonly language?: string;
}

export interface OpenOptions {
  /** Whether the person trusts the folder before anything else; default true. */
  readonly trusted?: boolean;
}

const screen: BrowserContextOptions = {
  viewport: { width: 1280, height: 960 },
  permissions: ['clipboard-read', 'clipboard-write'],
};

export class Editor {
  /** The clusters' MESOS_AIRFLOW_HOME. */
  readonly home: string;
  readonly server: Server;
  readonly #scratch: string;
  readonly #browser: Window;
  readonly #options: EditorOptions;
  readonly #contexts: BrowserContext[] = [];
  #ended: Promise<void> | undefined;

  private constructor(scratch: string, server: Server, browser: Window, options: EditorOptions) {
    this.#scratch = scratch;
    this.home = path.join(scratch, 'home');
    this.server = server;
    this.#browser = browser;
    this.#options = options;
    // Mocha knows SIGINT alone; whoever ends us with another one leaves no cluster behind either.
    onSignal(({ code }) => void this.end().finally(() => process.exit(code)));
  }

  static async start(options: EditorOptions): Promise<Editor> {
    const { vsix, env, settings, workspaceTrust = true } = options;
    // Short: Unix sockets live below it.
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'ma-ui-'));
    fs.mkdirSync(path.join(scratch, 'home'));
    let server: Server | undefined;
    try {
      server = await startServer({
        vscode: setUpCodeServer(),
        vsix,
        workspaceTrust,
        env: { MESOS_AIRFLOW_HOME: path.join(scratch, 'home'), ...env },
        settings: {
          'window.autoDetectColorScheme': true,
          'editor.minimap.enabled': false,
          // What is typed shall be what stands there.
          'editor.quickSuggestions': false,
          ...settings,
        },
      });
      return new Editor(scratch, server, await openBrowser(), options);
    } catch (error) {
      await server?.stop();
      fs.rmSync(scratch, { recursive: true, force: true });
      throw error;
    }
  }

  /** A new folder with the example DAGs. */
  workspace(name: string, settings: Readonly<Record<string, unknown>> = {}): string {
    const folder = path.join(this.#scratch, name);
    fs.cpSync(path.join(root, 'cluster', 'airflow', 'dags'), path.join(folder, 'dags'), { recursive: true });
    fs.mkdirSync(path.join(folder, '.vscode'));
    fs.writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
    return folder;
  }

  /** A window on a folder, as if in a browser of its own: it remembers nothing of the others. */
  async open(folder: string, { trusted = true }: OpenOptions = {}): Promise<Page> {
    const context = await this.#browser.browser.newContext({ ...screen, ...this.#options.screen });
    this.#contexts.push(context);
    const { language } = this.#options;
    if (language !== undefined) await context.addInitScript(speak, language);
    const page = await context.newPage();
    await page.goto(workbenchUrl(this.server, folder), { waitUntil: 'commit' });
    await shown(page);
    if (this.#options.workspaceTrust !== false) {
      await restricted(page).waitFor({ timeout: patience });
      if (trusted) await trustFolder(page);
    }
    return page;
  }

  async close(page: Page): Promise<void> {
    await page.context().close();
  }

  /** All open windows. */
  get pages(): Page[] {
    return this.#contexts.flatMap((context) => context.pages());
  }

  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  /** As a person does: one that is merely killed is called back by what watches over it. */
  async #stopClusters(): Promise<void> {
    const env = { ...process.env, MESOS_AIRFLOW_HOME: this.home };
    for (const { name } of await listClusters(userFolders(env))) {
      const args = [path.join(root, 'dist', 'cli.cjs'), 'down', '--name', name];
      const child = spawn(process.execPath, args, { env, stdio: 'ignore', timeout: 60_000 });
      await once(child, 'exit');
    }
  }

  async #end(): Promise<void> {
    try {
      await this.#browser.browser.close();
      await this.server.stop();
      await this.#stopClusters();
      await endClusters(this.home);
    } finally {
      fs.rmSync(this.#scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    }
  }
}

/** Runs in the page before the workbench, which reads its language there. */
function speak(language: string): void {
  Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: language });
}
