import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { ServiceUnreachable } from '../../client/errors.ts';
import { logTitle } from '../logs/title.ts';
import { taskName } from '../tree/states.ts';
import { LogTerminal } from './logTerminal.ts';
import { ShellTerminal } from './shellTerminal.ts';

/** The service's client as it is now; the service may be started again while a terminal is open. */
export type Client = () => ServiceClient | undefined;

/** Opens a terminal with a shell in the task's sandbox: `shell: load · agent-1`. */
export function openShellTerminal(client: ServiceClient, run: TaskRun): vscode.Terminal {
  const shell = new ShellTerminal(
    {
      openSession: (options) => client.openSession(run.id, { ...options, client: 'vscode' }),
      taskRun: (signal) => client.task(run.id, { signal }),
    },
    l10n.t('{0} of {1}: a shell in its sandbox, as long as it runs', logTitle(run), run.key.dag_id),
  );
  const name = [taskName(run), ...(run.agent === null ? [] : [run.agent])].join(' · ');
  return shown({
    name: l10n.t('shell: {0}', name),
    pty: shell,
    iconPath: new vscode.ThemeIcon('terminal'),
    isTransient: true,
  });
}

/** Opens a terminal, in an editor's tab, that follows the task's log in its own colours. */
export function openLogTerminal(client: Client, run: TaskRun): vscode.Terminal {
  const connected = (): ServiceClient => {
    const found = client();
    if (!found) throw new ServiceUnreachable({ socket: '' }, l10n.t('The cluster is not running'));
    return found;
  };
  const log = new LogTerminal(
    {
      follow: (file, offset, signal) => connected().followLog(run.id, { file, offset, signal }),
      taskRun: (signal) => connected().task(run.id, { signal }),
    },
    l10n.t('{0} of {1}', logTitle(run), run.key.dag_id),
  );
  return shown({
    name: logTitle(run),
    pty: log,
    iconPath: new vscode.ThemeIcon('output'),
    location: vscode.TerminalLocation.Editor,
    isTransient: true,
  });
}

function shown(options: vscode.ExtensionTerminalOptions): vscode.Terminal {
  const terminal = vscode.window.createTerminal(options);
  terminal.show();
  return terminal;
}
