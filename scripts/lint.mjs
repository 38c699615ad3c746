// ESLint, Prettier and the TypeScript compiler over all that is ours, and ruff over the Python package where the test
// environment is there. `--fix` writes what can be written.
import { spawnSync } from 'node:child_process';
import { developmentNode, root, withNodeFirst } from './node.mjs';
import { ensureReady } from './setup.mjs';
import { pythonTools } from './python.mjs';

await ensureReady();
const fix = process.argv.includes('--fix');
const node = developmentNode();
const tools = await pythonTools();
const bin = (name) => `${root}/node_modules/${name}`;
const checks = [
  [
    'prettier',
    node,
    [bin('prettier/bin/prettier.cjs'), fix ? '--write' : '--check', '--log-level', 'warn', '.'],
  ],
  ['eslint', node, [bin('eslint/bin/eslint.js'), ...(fix ? ['--fix'] : []), '--max-warnings', '0', '.']],
  ['tsc', node, [bin('typescript/bin/tsc'), '-p', '.']],
  ['ruff check', tools.python, ['-m', 'ruff', 'check', ...(fix ? ['--fix'] : []), 'cluster/airflow']],
  ['ruff format', tools.python, ['-m', 'ruff', 'format', ...(fix ? [] : ['--check']), 'cluster/airflow']],
];

let failed = 0;
for (const [name, command, args] of checks) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: withNodeFirst(node) });
  console.log(`${status === 0 ? '✓' : '✗'} ${name}`);
  if (status !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
