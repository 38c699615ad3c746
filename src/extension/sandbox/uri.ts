import * as vscode from 'vscode';
import { sandboxScheme, uriPathOf, type Place } from './place.ts';

export function uriOf(place: Place): vscode.Uri {
  return vscode.Uri.from({ scheme: sandboxScheme, path: uriPathOf(place) });
}
