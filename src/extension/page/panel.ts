import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { isFromPage, type FromPage, type ToPage } from '../../page/protocol.ts';
import type { Topic } from '../../api/topics.ts';
import type { ClusterModel } from '../cluster/model.ts';
import { Disposing } from '../dispose.ts';
import { Throttle } from '../throttle.ts';
import { ClusterClock } from './clusterClock.ts';
import { pageHtml } from './html.ts';
import { pageTexts } from './texts.ts';
import { Updates } from './updates.ts';

/** A page is told at most four times a second. */
const tellMs = 250;

const topics: ReadonlySet<Topic> = new Set<Topic>([
  ...(['cluster', 'agents', 'frameworks', 'offers', 'tasks', 'mesos-tasks'] as const),
]);

export interface PanelOptions {
  readonly panel: vscode.WebviewPanel;
  /** Where page.js and page.css lie: nothing else of the disk can be loaded. */
  readonly files: vscode.Uri;
  readonly model: ClusterModel;
  /** What the person does on the page, but for its own `ready`. */
  readonly act: (message: Exclude<FromPage, { type: 'ready' }>) => void;
}

/** One webview with the cluster page: told what it may know while it is seen, asked for nothing but clicks. */
export class PagePanel extends Disposing {
  readonly #panel: vscode.WebviewPanel;
  readonly #model: ClusterModel;
  readonly #updates: Updates;
  readonly #tell = this.register(new Throttle(tellMs, () => this.#update()));
  /** Its script runs: before that, messages would be lost. */
  #ready = false;
  #told = 0;

  constructor({ panel, files, model, act }: PanelOptions) {
    super();
    this.#panel = panel;
    this.#model = model;
    this.#updates = new Updates(new ClusterClock());
    const { webview } = panel;
    webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [files] };
    this.register(
      webview.onDidReceiveMessage((message: unknown) => {
        if (!isFromPage(message)) return;
        if (message.type === 'ready') this.#begin();
        else act(message);
      }),
    );
    this.register(panel.onDidChangeViewState(() => this.#want()));
    this.register(model.onDidChange(() => this.#tell.poke()));
    this.register({ dispose: () => model.want(this, new Set()) });
    const at = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(files, name)).toString();
    webview.html = pageHtml({
      script: at('page.js'),
      style: at('page.css'),
      source: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
      language: vscode.env.language,
      title: panel.title,
    });
    this.#want();
  }

  /** How many updates its script was sent. */
  get told(): number {
    return this.#told;
  }

  #want(): void {
    // A hidden webview is torn down, and says `ready` when it is made anew.
    if (!this.#panel.visible) this.#ready = false;
    this.#model.want(this, this.#panel.visible ? topics : new Set());
  }

  #begin(): void {
    this.#ready = true;
    this.#updates.startOver();
    this.#post({ type: 'texts', texts: pageTexts() });
    this.#tell.poke();
  }

  #update(): void {
    if (!this.#ready) return;
    this.#post(this.#updates.next(this.#model.name, this.#model.picture));
    this.#told += 1;
  }

  #post(message: ToPage): void {
    // Settles once it has arrived, never where the panel is gone: nothing waits for it.
    void this.#panel.webview.postMessage(message);
  }
}
