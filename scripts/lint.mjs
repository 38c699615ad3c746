// ESLint, Prettier and the TypeScript compiler over all that is ours, and ruff over the Python package where the test
// environment is there. `--fix` writes what can be written.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { developmentNode, root, withNodeFirst } from './node.mjs';
import { ensureReady } from './setup.mjs';
import { pythonTools } from './python.mjs';

await ensureReady();
const fix = process.argv.includes('--fix');
const node = developmentNode();
const python = await pythonTools();
const pythonSources = ['cluster', 'test/docker', 'scripts'];
const bin = (name) => `${root}/node_modules/${name}`;
const checks = [
  [
    'prettier',
    node,
    [bin('prettier/bin/prettier.cjs'), fix ? '--write' : '--check', '--log-level', 'warn', '.'],
  ],
  ['eslint', node, [bin('eslint/bin/eslint.js'), ...(fix ? ['--fix'] : []), '--max-warnings', '0', '.']],
  ['l10n', node, ['scripts/l10n.mjs', ...(fix ? [] : ['--check'])]],
  ['tsc', node, [bin('typescript/bin/tsc'), '-p', '.']],
  // In a browser there is other than in Node.
  ['tsc of the page', node, [bin('typescript/bin/tsc'), '-p', 'src/page']],
  ['ruff check', python.python, ['-m', 'ruff', 'check', ...(fix ? ['--fix'] : []), ...pythonSources]],
  ['ruff format', python.python, ['-m', 'ruff', 'format', ...(fix ? [] : ['--check']), ...pythonSources]],
];

const result = { passed: 0, failed: 0, skipped: [], failures: [] };
for (const [name, command, args] of checks) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...withNodeFirst(node), ...python.env },
  });
  console.log(`${status === 0 ? '✓' : '✗'} ${name}`);
  result[status === 0 ? 'passed' : 'failed'] += 1;
  if (status !== 0) result.failures.push(`${name}: see above`);
}
if (process.env.MESOS_AIRFLOW_TEST_RESULT) {
  writeFileSync(process.env.MESOS_AIRFLOW_TEST_RESULT, JSON.stringify(result));
}
process.exitCode = result.failed === 0 ? 0 : 1;
