import * as vscode from 'vscode';
import type { DagView } from '../../api/people.ts';
import { Disposing } from '../dispose.ts';
import { belowOf, type DagFolder } from './folder.ts';
import { lensesOf, type Lens } from './lenses.ts';

/** What is known for them; undefined where no cluster tells. */
export interface KnownDags {
  readonly folder: DagFolder;
  readonly dags: readonly DagView[];
}

/** What stands above the DAGs in their files, in the editor. */
export class DagLenses extends Disposing implements vscode.CodeLensProvider {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;
  #known: KnownDags | undefined;

  constructor() {
    super();
    const files = { scheme: 'file', pattern: '**/*.py' };
    this.register(vscode.languages.registerCodeLensProvider(files, this));
  }

  show(known: KnownDags | undefined): void {
    if (known?.dags === this.#known?.dags && known?.folder === this.#known?.folder) return;
    this.#known = known;
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!this.#known) return [];
    const { folder, dags } = this.#known;
    const below = belowOf(folder, document.uri.fsPath);
    if (below === undefined) return [];
    return lensesOf(document.getText(), below, dags, folder, Date.now()).map(codeLens);
  }
}

function codeLens({ line, title, tooltip, dag_id, run_id, debug }: Lens): vscode.CodeLens {
  const action = debug ? 'mesosAirflow.debugDag' : 'mesosAirflow.triggerDag';
  const [command, target] =
    run_id === undefined ? [action, { dag_id }] : ['mesosAirflow.openAirflow', { dag_id, run_id }];
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
    title,
    tooltip,
    command,
    arguments: [target],
  });
}
