// `npm start`: the main job, from a fresh clone. Sets up what is missing, brings up a cluster on this machine, runs the
// example DAG on it and stays until Ctrl-C. `npm start -- --dags DIR` takes your own DAGs; whatever `mesos-airflow up`
// understands goes through.
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { ensureReady } from './setup.mjs';

const root = path.resolve(fileURLToPath(new URL('..', import.meta.url)));
const given = process.argv.slice(2);
const ownDags = given.some((arg) => arg === '--dags' || arg.startsWith('--dags='));

await ensureReady();

const example = ['--dags', path.join(root, 'cluster/airflow/dags'), '--run', 'weather_report'];
const cli = path.join(root, 'dist/cli.cjs');
// In this very process: a signal sent to `npm start` ends the cluster in order, whoever sends it.
process.argv = [process.execPath, cli, 'up', '--engine', 'embedded', ...(ownDags ? [] : example), ...given];
await import(new URL('../dist/cli.cjs', import.meta.url).href);
