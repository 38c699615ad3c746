import fs from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { linksIn, type LogLink } from '../../logtext/links.ts';
import type { ClusterModel } from '../cluster/model.ts';
import { dagFolderOf } from '../dagFiles/folder.ts';
import { realPath } from '../dagFiles/realPath.ts';
import { uriOf } from '../dagFiles/uri.ts';
import { Disposing } from '../dispose.ts';
import type { LogDocuments } from '../logs/documents.ts';
import { logSchemes } from '../logs/schemes.ts';
import { Throttle } from '../throttle.ts';
import { NamedFiles, type FileRoots } from './namedFiles.ts';

/** The editor keeps a decoration for each: of more only the last ones, which stand where a log is read. */
const mostLinks = 5000;
/** The editor looks for links only where a document has not changed for a second: one that grows is looked at so often. Milliseconds. */
const againMs = 2000;

/** Places in logs: lines of tracebacks lead to the DAG's file in this window, addresses to the browser. */
export class LogLinks extends Disposing implements vscode.DocumentLinkProvider {
  readonly #model: Pick<ClusterModel, 'picture' | 'onDidChange'>;
  readonly #files = new NamedFiles(isFile);
  #roots: FileRoots = { dags: undefined, workspace: [] };
  #rootsOf: string | undefined;
  #registered: vscode.Disposable | undefined;
  readonly #again = this.register(new Throttle(againMs, () => this.#registerAnew()));

  constructor(model: Pick<ClusterModel, 'picture' | 'onDidChange'>, documents: LogDocuments) {
    super();
    this.#model = model;
    this.register(documents.onDidChangeRows(() => this.#again.poke()));
    this.register(model.onDidChange(() => this.#refresh()));
    this.register(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#refresh()));
    this.register({ dispose: () => void this.#registered?.dispose() });
    this.#refresh();
  }

  async provideDocumentLinks(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.DocumentLink[]> {
    const links: Promise<vscode.DocumentLink | undefined>[] = [];
    for (let line = document.lineCount - 1; line >= 0 && links.length < mostLinks; line -= 1) {
      for (const link of linksIn(document.lineAt(line).text)) links.push(this.#linkAt(line, link));
    }
    const found = await Promise.all(links);
    return token.isCancellationRequested ? [] : found.filter((link) => link !== undefined);
  }

  async #linkAt(line: number, link: LogLink): Promise<vscode.DocumentLink | undefined> {
    const range = new vscode.Range(line, link.start, line, link.end);
    if (link.kind === 'url') {
      const address = URL.canParse(link.url) ? new URL(link.url).href : undefined;
      return address === undefined ? undefined : new vscode.DocumentLink(range, vscode.Uri.parse(address));
    }
    const { dags } = this.#roots;
    const file = await this.#files.find(link.path, this.#roots);
    if (file === undefined) return undefined;
    const uri = dags ? uriOf(file, dags) : vscode.Uri.file(file);
    const name = vscode.workspace.asRelativePath(uri);
    const isLine = link.line !== undefined;
    const shown = new vscode.DocumentLink(range, isLine ? uri.with({ fragment: `L${link.line}` }) : uri);
    shown.tooltip = isLine ? l10n.t('Open {0}, line {1}', name, link.line) : l10n.t('Open {0}', name);
    return shown;
  }

  #refresh(): void {
    const cluster = this.#model.picture.state?.cluster;
    const workspace = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri }) => uri.fsPath);
    const key = JSON.stringify([cluster?.dags_folder, cluster?.dags_mount, workspace]);
    if (key === this.#rootsOf) return;
    this.#rootsOf = key;
    this.#roots = { dags: dagFolderOf(cluster, realPath), workspace };
    this.#registerAnew();
  }

  /** The editor asks at once where a provider is new. */
  #registerAnew(): void {
    const before = this.#registered;
    const logs = logSchemes.map((scheme) => ({ scheme }));
    this.#registered = vscode.languages.registerDocumentLinkProvider(logs, this);
    // Later than the new one comes: links that are drawn stay.
    before?.dispose();
  }
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await fs.stat(file)).isFile();
  } catch {
    // Whatever the reason is, it cannot be opened.
    return false;
  }
}
