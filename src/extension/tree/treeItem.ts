import * as vscode from 'vscode';
import type { Row } from './rows.ts';

/** A row as VS Code draws it. `isOpen`: how the person left it, which counts for more than how it is at first. */
export function treeItem(row: Row, isOpen: boolean | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, collapsible(row.opens, isOpen));
  item.id = row.id;
  item.description = row.description;
  item.contextValue = row.context;
  const spoken = [row.label, row.spoken ?? row.description].filter((text) => text).join(', ');
  item.accessibilityInformation = { label: spoken };
  if (row.tooltip !== undefined) item.tooltip = tooltip(row.tooltip, row.links);
  if (row.icon) {
    const colour = row.icon.colour === undefined ? undefined : new vscode.ThemeColor(row.icon.colour);
    item.iconPath = new vscode.ThemeIcon(row.icon.id, colour);
  }
  if (row.click) item.command = { ...row.click, arguments: [...row.click.arguments] };
  return item;
}

function collapsible(opens: Row['opens'], isOpen = opens === 'open'): vscode.TreeItemCollapsibleState {
  if (opens === 'never') return vscode.TreeItemCollapsibleState.None;
  return isOpen ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}

/** Only the commands that the row names can be run by its links: other text in it may come from elsewhere. */
function tooltip(text: string, links: readonly string[] | undefined): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(text);
  if (links && links.length > 0) markdown.isTrusted = { enabledCommands: [...links] };
  return markdown;
}
