import * as l10n from '@vscode/l10n';
import { engineNames, engines } from '../engine/facts.ts';
import { possibilitiesOf, type Examination } from '../engine/possibility.ts';

const marks = { ok: '✓', warning: '!', failed: '✗' } as const;

/** What this machine has and lacks, as a text: first what can be started, then each finding with its remedy. */
export function prerequisitesReport(examination: Examination): string[] {
  const possibilities = possibilitiesOf(examination);
  const verdicts = engineNames.map((name) => {
    const { label } = engines()[name];
    return possibilities[name].state === 'possible'
      ? `  ${marks.ok} ${l10n.t('{0}: can be started', label)}`
      : `  ${marks.failed} ${l10n.t('{0}: cannot be started here yet', label)}`;
  });
  const width = Math.max(0, ...examination.findings.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 6);
  const findings = examination.findings.flatMap(({ name, state, detail, remedy }) => {
    const [first = '', ...more] = detail.split('\n');
    const next = remedy === undefined ? [] : `→ ${remedy}`.split('\n');
    return [
      `  ${marks[state]} ${name.padEnd(width)}  ${first}`,
      ...[...more, ...next].map((line) => indent + line),
    ];
  });
  return [l10n.t('What a cluster needs of this machine'), '', ...verdicts, '', ...findings];
}
