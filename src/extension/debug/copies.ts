import * as l10n from '@vscode/l10n';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { DebugCopy } from '../../api/debug.ts';
import type { ClusterView, TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { ExplainedError } from '../../host/errors.ts';
import { dagFolderOf, localFileOf } from '../dagFiles/folder.ts';
import { realPath } from '../dagFiles/realPath.ts';
import { Disposing } from '../dispose.ts';
import { isOver, lookOf, taskName } from '../tree/states.ts';
import { pathMappings } from './pathMappings.ts';
import { TaskAdapter } from './taskAdapter.ts';

/** As package.json contributes it. */
export const taskDebugType = 'mesos-airflow-task';

/** Between two looks at a copy that waits for its agent. Milliseconds. */
const lookMs = 300;

/** A copy that this window asked for. */
interface Asked {
  readonly client: ServiceClient;
  readonly copy: DebugCopy;
}

/**
 * Debug copies of tasks, each a debug session of the editor's. The session talks to the copy through the cluster's service;
 * no port is opened for it on either side.
 */
export class DebugCopies extends Disposing implements vscode.DebugAdapterDescriptorFactory {
  readonly #asked = new Map<string, Asked>();

  constructor() {
    super();
    this.register(vscode.debug.registerDebugAdapterDescriptorFactory(taskDebugType, this));
    this.register(
      vscode.debug.onDidTerminateDebugSession(({ type, configuration }) => {
        if (type === taskDebugType) this.#end(String(configuration.copy));
      }),
    );
  }

  /** Has a copy made, waits for its agent, and attaches. Cancelled, it ends the copy. */
  async debug(client: ServiceClient, run: TaskRun, cluster: ClusterView): Promise<void> {
    const name = `${taskName(run)} · ${run.key.dag_id}`;
    const copy = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: l10n.t('Debug {0}', name),
        cancellable: true,
      },
      (progress, token) => ready(client, run, (message) => progress.report({ message }), token),
    );
    if (!copy) return;
    this.#asked.set(copy.task.id, { client, copy });
    const folder = dagFolderOf(cluster, realPath);
    const file = folder && localFileOf(folder, folder.local);
    const started = await vscode.debug.startDebugging(
      file === undefined ? undefined : vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)),
      {
        type: taskDebugType,
        request: 'attach',
        name: l10n.t('Copy of {0}', name),
        copy: copy.task.id,
        justMyCode: true,
        redirectOutput: true,
        showReturnValue: true,
        pathMappings: folder ? pathMappings(folder, openFolders()) : [],
      },
    );
    if (!started) this.#end(copy.task.id);
  }

  async createDebugAdapterDescriptor({
    configuration,
  }: vscode.DebugSession): Promise<vscode.DebugAdapterDescriptor> {
    const asked = this.#asked.get(String(configuration.copy));
    if (!asked) {
      throw new ExplainedError(l10n.t('There is no such debug copy any more'), {
        next: l10n.t('Debug the task once more: each debugger gets a copy of its own.'),
      });
    }
    const { client, copy } = asked;
    const command = copy.relay;
    const session = await client.openSession(copy.task.id, { tty: false, command, client: 'vscode' });
    return new vscode.DebugAdapterInlineImplementation(new TaskAdapter(session));
  }

  /** It ends by itself without its debugger; this is for one that no debugger came to. */
  #end(id: string): void {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    asked?.client.kill(id).catch(() => undefined);
  }
}

/** Undefined where the person cancelled. */
async function ready(
  client: ServiceClient,
  run: TaskRun,
  report: (message: string) => void,
  token: vscode.CancellationToken,
): Promise<DebugCopy | undefined> {
  const cancel = new AbortController();
  token.onCancellationRequested(() => cancel.abort());
  report(l10n.t('a copy is made'));
  let copy: DebugCopy | undefined;
  try {
    copy = await client.debug(run.id, {}, { signal: cancel.signal });
    let { task } = copy;
    while (task.state !== 'running') {
      if (isOver(task)) throw ended(task);
      report(task.waits ?? lookOf(task).text);
      await delay(lookMs, undefined, { signal: cancel.signal });
      task = await client.task(task.id, { signal: cancel.signal });
    }
    report(l10n.t('it runs on {0}: the debugger attaches', task.agent ?? '?'));
    return copy;
  } catch (error) {
    if (copy) await client.kill(copy.task.id).catch(() => undefined);
    if (cancel.signal.aborted) return undefined;
    throw error;
  }
}

function ended(task: TaskRun): ExplainedError {
  return new ExplainedError(l10n.t('The debug copy ended before a debugger could attach'), {
    why: task.info === '' ? lookOf(task).text : task.info,
    next: l10n.t('Its log says more: mesos-airflow logs {0} --stderr', task.id),
  });
}

function openFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
}
