import { ensureBaseImages } from '../docker/support/baseImages.ts';
import { coldStart, median, type ColdStart } from '../support/coldStart.ts';
import { runCommand } from '../support/commandLine.ts';
import { temporaryFolder } from '../support/temporary.ts';

const name = 'bench-cold-start';

/**
 * Seconds from `mesos-airflow up --engine docker` to the example DAG run's success, with all images there and no cluster.
 * Three runs after one that builds what is missing, the clusters deleted in between; the value is the median. The goal is
 * 45 s on 2 cores. The images start from the tests' twins of python, node and postgres.
 */
export async function run(): Promise<object> {
  const images = await ensureBaseImages();
  const args = [
    ...['--engine', 'docker', '--name', name, '--mesos', 'dev', '--build-network', 'host'],
    ...['--python-image', images.python, '--node-image', images.node, '--database-image', images.database],
  ];
  const home = await temporaryFolder('bench-docker');
  try {
    await start(args, home.path);
    const runs: ColdStart[] = [];
    for (let count = 0; count < 3; count += 1) runs.push(await start(args, home.path));
    return median('cold-start-docker', runs);
  } finally {
    await home.remove();
  }
}

async function start(args: readonly string[], home: string): Promise<ColdStart> {
  const env = { MESOS_AIRFLOW_HOME: home };
  try {
    return await coldStart(args, env);
  } finally {
    await runCommand(['delete', '--name', name, '--yes', '--keep-images'], { env });
  }
}
