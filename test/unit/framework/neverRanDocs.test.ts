import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { neverRanRules } from '../../../src/framework/neverRan.ts';

const page = fileURLToPath(new URL('../../../docs/never-ran.md', import.meta.url));

describe('docs/never-ran.md', () => {
  it('lists the rules that the framework goes by, all of them and in their order', async () => {
    const text = await readFile(page, 'utf8');
    const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim().replaceAll('`', ''));
    const rows = text
      .split('\n')
      .filter((line) => line.startsWith('| `TASK_'))
      .map((line) => cells(line).slice(1, 5));
    const rules = neverRanRules.map(({ state, reason, source, why }) => [
      state,
      reason ?? 'any',
      source ?? 'any',
      why,
    ]);
    assert.deepEqual(rows, rules, `should be:\n${rules.map((each) => `| ${each.join(' | ')} |`).join('\n')}`);
  });
});
