import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestView } from '../../../src/extension/main.ts';
import type { RowTree } from '../../../src/extension/tree/rowTree.ts';
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

/** The rows below one (or the top ones). */
export function rowsBelow({ outline }: RowTree, id?: string): Row[] {
  const ids = id === undefined ? outline.roots : (outline.rows.get(id)?.children ?? []);
  return ids.map((child) => {
    const row = outline.rows.get(child);
    assert.ok(row, `${child} has a row`);
    return row;
  });
}

/** All rows whose id begins so. */
export function rowsLike({ outline }: RowTree, prefix: string): Row[] {
  return [...outline.rows.values()].filter(({ id }) => id.startsWith(prefix));
}

/** Expands a row that can be seen, as a click on its arrow does. */
export async function expand(tree: RowTree, id: string): Promise<void> {
  await tree.view.reveal(id, { expand: true, select: false });
}

/** Runs the command of a row, as a click does. */
export async function click(tree: RowTree, id: string): Promise<void> {
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
