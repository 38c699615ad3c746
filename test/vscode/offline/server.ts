import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ownFolder, removeFolder } from './temporary.ts';
import type { CodeServer } from './setup.ts';

export interface ServerOptions {
  readonly vscode: CodeServer;
  /** The extensions to install: the package itself is what is tested then. */
  readonly vsix?: string | readonly string[];
  /** Folders of other extensions, which it has as if they were installed. */
  readonly others?: readonly string[];
  /** For an extension host test: the built workbench ignores its payload without. It suppresses toasts and dialogs. */
  readonly smokeTestDriver?: boolean;
  /** Ask whether a folder is trusted, as a person's editor does; else all are. */
  readonly workspaceTrust?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Server {
  readonly child: ChildProcess;
  /** `127.0.0.1:<port>`. */
  readonly authority: string;
  /** Where it keeps its user data. */
  readonly folder: string;
  /** What it has printed. */
  readonly printed: () => string;
  /** Ends it with all that it started, and removes its folder. */
  stop(): Promise<void>;
}

/** Quiet, offline, and the same on every machine. */
const settings = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  // The editor may take the focus late, which would close a palette that was just opened.
  'workbench.quickOpen.closeOnFocusLost': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  // Each would say so in a notification.
  'remote.autoForwardPorts': false,
  'update.mode': 'none',
  'chat.disableAIFeatures': true,
};

export async function startServer(options: ServerOptions): Promise<Server> {
  const { vscode, vsix, others = [], smokeTestDriver = false, workspaceTrust = false } = options;
  const folder = ownFolder();
  const extensions = path.join(folder, 'extensions');
  const common = [
    ...['--server-data-dir', folder, '--extensions-dir', extensions],
    '--accept-server-license-terms',
  ];
  const env = environment(folder, options.env);
  try {
    fs.mkdirSync(path.join(folder, 'data', 'Machine'), { recursive: true });
    fs.mkdirSync(extensions);
    for (const other of others)
      fs.cpSync(other, path.join(extensions, path.basename(other)), { recursive: true });
    const file = path.join(folder, 'data', 'Machine', 'settings.json');
    fs.writeFileSync(
      file,
      JSON.stringify({
        ...settings,
        'security.workspace.trust.enabled': workspaceTrust,
        ...options.settings,
      }),
    );
    for (const one of vsix === undefined ? [] : [vsix].flat()) installExtension(vscode, one, common, env);
    const child = spawn(
      vscode.node,
      [
        vscode.main,
        ...common,
        ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--telemetry-level', 'off'],
        ...['--disable-getting-started-override', '--disable-telemetry'],
        ...(workspaceTrust ? [] : ['--disable-workspace-trust']),
        // Ends by itself some minutes after its last window, should nobody be left to end it.
        '--enable-remote-auto-shutdown',
        ...(smokeTestDriver ? ['--enable-smoke-test-driver'] : []),
      ],
      // A group of its own, so that what it starts ends with it.
      { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
    );
    return await listening(child, folder);
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

function environment(folder: string, own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    XDG_RUNTIME_DIR: folder,
    ...own,
  };
  delete env.NODE_OPTIONS;
  delete env.ELECTRON_RUN_AS_NODE;
  return env;
}

function installExtension(
  vscode: CodeServer,
  vsix: string,
  common: readonly string[],
  env: NodeJS.ProcessEnv,
): void {
  const args = [vscode.main, '--install-extension', path.resolve(vsix), '--force', ...common];
  const { status, stdout, stderr } = spawnSync(vscode.node, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${vsix} could not be installed:\n${stdout}${stderr}`);
}

async function listening(child: ChildProcess, folder: string): Promise<Server> {
  let printed = '';
  let timer: NodeJS.Timeout | undefined;
  try {
    const port = await new Promise<string>((resolve, reject) => {
      const read = (data: Buffer): void => {
        printed += data.toString();
        const match = /agent listening on (\d+)/.exec(printed);
        if (match?.[1]) resolve(match[1]);
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the VS Code server ended with ${code ?? 'a signal'}`)));
      timer = setTimeout(() => reject(new Error('the VS Code server did not listen in 60 s')), 60_000);
    });
    const authority = `127.0.0.1:${port}`;
    const stop = async (): Promise<void> => {
      await endGroup(child);
      removeFolder(folder);
    };
    return { child, authority, folder, printed: () => printed, stop };
  } catch (error) {
    await endGroup(child);
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${printed}`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

async function endGroup(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const gone =
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => child.once('exit', () => resolve()));
  signal(pid, 'SIGTERM');
  const timer = setTimeout(() => signal(pid, 'SIGKILL'), 5000);
  await gone;
  clearTimeout(timer);
  // What it started and did not end itself.
  signal(pid, 'SIGKILL');
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
