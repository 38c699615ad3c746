import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { App } from './app.ts';
import { Commands } from './commands/table.ts';
import { LateFileSystem } from './lateFileSystem.ts';
import { logSchemes } from './logs/schemes.ts';
import { restorePages } from './page/restored.ts';
import { sandboxScheme } from './sandbox/place.ts';
import type { StatusBar } from './statusBar.ts';
import { Tools } from './tools/register.ts';
import { TreeView, viewIds } from './tree/treeView.ts';
import type { Window } from './window.ts';

/** What tests in the extension host look at, where a person looks at the screen. */
export interface TestView extends App {
  readonly statusBar: StatusBar;
}

/**
 * Only registers, at once, what the editor may ask for: it waits for us with each window that opens. All else is loaded as
 * soon as it has gone on (window.ts), and what a command, a page or a tool needs once somebody asks for it.
 */
export function activate(context: vscode.ExtensionContext): Promise<TestView> | undefined {
  const own = <T extends { dispose(): unknown }>(disposable: T): T => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  const views = viewIds.map((id) => own(new TreeView(id)));
  const opened = nextTurn()
    .then(() => import('./window.ts'))
    .then(({ openWindow }) => openWindow(context, views));
  own(new Commands(() => opened));
  own(new Tools(async () => (await opened).answers()));
  own(new LateFileSystem([sandboxScheme], async () => (await (await opened).app.sandboxes()).fileSystem));
  own(new LateFileSystem(logSchemes, async () => (await opened).app.logs()));
  own(restorePages(async () => (await opened).app.clusterPage));
  const testing = context.extensionMode === vscode.ExtensionMode.Test;
  return testing ? opened.then(testView) : undefined;
}

async function testView({ app, statusBar, complete }: Window): Promise<TestView> {
  await complete;
  return { ...app, statusBar };
}
