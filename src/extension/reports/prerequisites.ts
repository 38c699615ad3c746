import { engineNames, engines } from '../engine/facts.ts';
import { possibilitiesOf, type Examination } from '../engine/possibility.ts';

const marks = { ok: '✓', warning: '!', failed: '✗' } as const;

/** What this machine has and lacks, as a text: first what can be started, then each finding with its remedy. */
export function prerequisitesReport(examination: Examination): string[] {
  const possibilities = possibilitiesOf(examination);
  const verdicts = engineNames.map((name) => {
    const can = possibilities[name].state === 'possible';
    return `  ${can ? marks.ok : marks.failed} ${engines[name].label}: ${can ? 'can be started' : 'cannot be started here yet'}`;
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
  return ['What a cluster needs of this machine', '', ...verdicts, '', ...findings];
}
