import * as vscode from 'vscode';
import type { ClusterPage } from './clusterPage.ts';

export const pageViewType = 'mesosAirflow.clusterPage';

/** Has a cluster page that was open before a reload shown again. */
export function restorePages(page: () => Promise<Pick<ClusterPage, 'take'>>): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(pageViewType, {
    deserializeWebviewPanel: async (panel) => (await page()).take(panel),
  });
}
