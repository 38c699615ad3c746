import * as vscode from 'vscode';

/** Opens an address of the cluster's machine in the browser: through the editor's tunnel where that is a remote host. */
export async function openInBrowser(url: string): Promise<void> {
  await vscode.env.openExternal(await vscode.env.asExternalUri(vscode.Uri.parse(url, true)));
}
