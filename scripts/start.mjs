// `npm start`: the main job, from a fresh clone. Sets up what is missing, brings up a cluster on this machine, runs the
// example DAG on it and stays until Ctrl-C. `npm start -- --dags DIR` takes your own DAGs; whatever `mesos-airflow up`
// understands goes through.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { ensureReady } from './setup.mjs';

const root = path.resolve(fileURLToPath(new URL('..', import.meta.url)));
const given = process.argv.slice(2);
const ownDags = given.some((arg) => arg === '--dags' || arg.startsWith('--dags='));

await ensureReady();

const example = ['--dags', path.join(root, 'cluster/airflow/dags'), '--run', 'weather_report'];
const hints = ['In this folder `mesos-airflow` is: npx mesos-airflow'];
if (isOnPath('code')) hints.push('In VS Code:  code --extensionDevelopmentPath=. .');
// A signal sent to `npm start` reaches this process, whoever sends it, so the command line runs in it.
process.argv = [
  process.execPath,
  path.join(root, 'dist/cli.cjs'),
  ...['up', '--engine', 'embedded'],
  ...(ownDags ? [] : example),
  ...hints.flatMap((hint) => ['--hint', hint]),
  ...given,
];
await import(new URL('../dist/cli.cjs', import.meta.url).href);

function isOnPath(program) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const names = process.platform === 'win32' ? [`${program}.cmd`] : [program];
  return folders.some((folder) => folder && names.some((name) => existsSync(path.join(folder, name))));
}
