import * as vscode from 'vscode';

/** Lets a token cancel what a notification shows, as its button does. Returns how to undo it. */
export function cancellingWith(token: vscode.CancellationToken): () => void {
  const before = vscode.window.withProgress;
  const define = (value: unknown): unknown =>
    Object.defineProperty(vscode.window, 'withProgress', { value, configurable: true, writable: true });
  define((options: vscode.ProgressOptions, task: Parameters<typeof before>[1]) =>
    before(options, (progress) => task(progress, token)));
  return () => define(before);
}
