// `npm run package`: builds, and makes mesos-airflow-<version>.vsix at the top, with nothing in it but what runs
// (.vscodeignore). `npm run package -- FILE` names the file.
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './node.mjs';
import { ensureReady } from './setup.mjs';

/** Nobody can do without these; a pattern in .vscodeignore that matches nothing would go unnoticed. */
const needed = [
  'dist/cli.cjs',
  'dist/devmesos.cjs',
  'dist/extension.cjs',
  'dist/extension/window.cjs',
  'dist/page/page.css',
  'dist/page/page.js',
  'dist/service.cjs',
  'cluster/airflow/airflow_mesos/executor.py',
  'cluster/airflow/Dockerfile',
  'cluster/airflow/workspace.Dockerfile',
  'cluster/airflow/image/install.py',
  'cluster/airflow/image/probe.py',
  'cluster/airflow/locks/airflow-3.txt',
  'cluster/airflow/locks/postgres.txt',
  'cluster/airflow/locks/debug.txt',
  'cluster/airflow/locks/uv.txt',
  'cluster/mesos/Dockerfile',
  'cluster/mesos/agent.Dockerfile',
  'cluster/mesos/apache-agent.Dockerfile',
  'cluster/mesos/agent.py',
  'cluster/mesos/elf.py',
  'cluster/mesos/patchelf.txt',
  'cluster/mesos/prepare.py',
  'cluster/mesos/relocate.py',
  'cluster/mesos/terminal.py',
  'l10n/bundle.l10n.json',
  'media/activity.svg',
  'media/icon.png',
  'media/walkthrough/start-dark.png',
  'media/walkthrough/start-light.png',
];
const unwanted =
  /\.(map|ts|mts|mjs|pyc|vsix)$|(^|\/)(test|tests|src|scripts|bench|docs|node_modules|__pycache__|\.[^/]+)\//;

await ensureReady();
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const file = path.resolve(process.argv[2] ?? path.join(root, `mesos-airflow-${version}.vsix`));

// All dependencies are in the bundles.
const files = (await listFiles({ cwd: root, packageManager: PackageManager.None })).map((name) =>
  name.replaceAll('\\', '/'),
);
const missing = needed.filter((name) => !files.includes(name));
const wrong = files.filter((name) => unwanted.test(name));
if (missing.length > 0 || wrong.length > 0) {
  for (const name of missing) console.error(`missing in the package: ${name}`);
  for (const name of wrong) console.error(`does not belong into the package: ${name}`);
  process.exit(1);
}
await createVSIX({
  cwd: root,
  packagePath: file,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
console.log(
  `${path.relative(process.cwd(), file)}: ${files.length} files, ${Math.round(statSync(file).size / 1024)} kB`,
);
