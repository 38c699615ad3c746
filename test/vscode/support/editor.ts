import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestView } from '../../../src/extension/main.ts';
import type { Row } from '../../../src/extension/tree/rows.ts';
import { until } from '../../support/until.ts';

/** The extension as the editor runs it. */
export async function activated(): Promise<TestView> {
  const extension = vscode.extensions.getExtension<TestView | undefined>('mesos-airflow.mesos-airflow');
  assert.ok(extension, 'the extension is installed');
  const view = await extension.activate();
  assert.ok(view, 'the extension knows that it is tested');
  return view;
}

/** Turns the window to a cluster of a name. */
export async function useCluster(name: string | undefined): Promise<void> {
  await vscode.workspace
    .getConfiguration('mesosAirflow')
    .update('cluster', name, vscode.ConfigurationTarget.Workspace);
}

/** The rows below one (or the top ones), as VS Code asks for them. */
export function rowsBelow({ tree }: TestView, id?: string): Row[] {
  return tree.getChildren(id).map((child) => {
    const row = tree.outline.rows.get(child);
    assert.ok(row, `${child} has a row`);
    return row;
  });
}

/** All rows whose id begins so. */
export function rowsLike({ tree }: TestView, prefix: string): Row[] {
  return [...tree.outline.rows.values()].filter(({ id }) => id.startsWith(prefix));
}

/** Runs the command of a row, as a click does. */
export async function click({ tree }: TestView, id: string): Promise<void> {
  const { command } = tree.getTreeItem(id);
  assert.ok(command, `${id} can be clicked`);
  await vscode.commands.executeCommand(command.command, ...((command.arguments ?? []) as unknown[]));
}

/** The text of the log document in front, once it matches. */
export async function logShowing(expected: RegExp, limitMs = 15_000): Promise<vscode.TextDocument> {
  return until(
    () => {
      const document = vscode.window.activeTextEditor?.document;
      return document?.uri.scheme === 'mesos-log' && expected.test(document.getText()) ? document : undefined;
    },
    { what: `a log that shows ${String(expected)}`, limitMs },
  );
}

/** The titles of all open tabs. */
export function tabTitles(): string[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.label));
}
