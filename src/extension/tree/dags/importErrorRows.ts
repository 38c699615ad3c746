import * as l10n from '@vscode/l10n';
import type { ClusterView, ImportError } from '../../../api/people.ts';
import { belowOfAirflow, dagFolderOf } from '../../dagFiles/folder.ts';
import { codeBlock, plain } from '../../format.ts';
import type { Branch } from '../rows.ts';

/** So much of a trace stands in a tooltip: its end, where the mistake is. */
const traceLines = 12;

/** DAG files that Airflow could not load; a click opens each at its line. */
export function importErrorRows(errors: readonly ImportError[], cluster: ClusterView): Branch[] {
  const names = errors.map(({ file }) => nameOf(file, cluster));
  const order = errors
    .map((_, index) => index)
    .sort((a, b) => ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1));
  const seen = new Map<string, number>();
  return order.flatMap((index) => {
    const error = errors[index];
    const name = names[index];
    if (!error || name === undefined) return [];
    const before = seen.get(error.file) ?? 0;
    seen.set(error.file, before + 1);
    return [{ row: importErrorRow(error, name, before) }];
  });
}

/** `before`: how many rows of the same file stand before it. */
function importErrorRow(error: ImportError, name: string, before: number): Branch['row'] {
  const { file, line, message } = error;
  const [said = ''] = message.split('\n', 1);
  const what = said === '' ? l10n.t('Airflow could not load this file') : said;
  const target = { file, ...(line === null ? {} : { line }) };
  return {
    id: `importError:${file}${before === 0 ? '' : `#${before}`}`,
    label: name,
    description: line === null ? what : l10n.t('line {0}: {1}', line, what),
    spoken: l10n.t('import error: {0}', line === null ? what : l10n.t('line {0}: {1}', line, what)),
    tooltip: tooltipOf(error, what),
    icon: { id: 'error', colour: 'charts.red' },
    context: 'failedImportError',
    opens: 'never',
    target,
    click: { command: 'mesosAirflow.openDagFile', title: l10n.t('Open DAG File'), arguments: [target] },
  };
}

/** Below the DAG folder, else whole. */
function nameOf(file: string, cluster: ClusterView): string {
  const folder = dagFolderOf(cluster, (path) => path);
  return (folder && belowOfAirflow(folder, file)) ?? file;
}

function tooltipOf({ file, line, message, trace }: ImportError, what: string): string {
  const place = line === null ? plain(file) : l10n.t('{0}, line {1}', plain(file), line);
  const blocks = [`**${plain(what)}**`, place];
  const more = message.split('\n').slice(1);
  if (more.some((text) => text.trim() !== '')) blocks.push(codeBlock(more));
  const lines = trace.trimEnd().split('\n').slice(-traceLines);
  if (trace.trim() !== '') blocks.push(codeBlock(lines));
  blocks.push(l10n.t('It goes away by itself once the file is mended and saved.'));
  return blocks.join('\n\n');
}
