import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { Disposing } from '../dispose.ts';
import type { DagFolder } from './folder.ts';
import type { DagProblem, Place } from './problems.ts';
import { uriOf } from './uri.ts';

/** Beyond any line's end. */
const longLine = 10_000;

/** DAG files' problems, as the editor underlines and lists them. */
export class Diagnostics extends Disposing {
  readonly #collection = this.register(vscode.languages.createDiagnosticCollection('Mesos Airflow'));
  #shown = '[]';

  /** Whether there are any. */
  get some(): boolean {
    return this.#shown !== '[]';
  }

  /** These and no others. */
  show(problems: readonly DagProblem[], folder: DagFolder): void {
    const wanted = JSON.stringify(problems);
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#collection.clear();
    const byFile = new Map<string, DagProblem[]>();
    for (const problem of problems) byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), problem]);
    for (const [file, ofFile] of byFile) {
      const uri = uriOf(file, folder);
      this.#collection.set(
        uri,
        ofFile.map((problem) => diagnosticOf(problem, folder)),
      );
    }
  }

  clear(): void {
    this.#shown = '[]';
    this.#collection.clear();
  }
}

function diagnosticOf(problem: DagProblem, folder: DagFolder): vscode.Diagnostic {
  const { range } = locationOf(problem, folder);
  const diagnostic = new vscode.Diagnostic(range, problem.message, vscode.DiagnosticSeverity.Error);
  diagnostic.source = 'Airflow';
  if (problem.cause) {
    const location = locationOf(problem.cause, folder);
    diagnostic.relatedInformation = [
      new vscode.DiagnosticRelatedInformation(location, l10n.t('It arose here.')),
    ];
  }
  return diagnostic;
}

function locationOf({ file, line }: Place, folder: DagFolder): vscode.Location {
  const uri = uriOf(file, folder);
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (!document || line >= document.lineCount) {
    // As far as the line goes: the editor knows its length once it opens it.
    return new vscode.Location(uri, new vscode.Range(line, 0, line, longLine));
  }
  const { firstNonWhitespaceCharacterIndex: first, range } = document.lineAt(line);
  return new vscode.Location(uri, range.with(range.start.translate(0, first)));
}
