import fs from 'node:fs';
import path from 'node:path';

/** The files of this program that a cluster runs from. */
export interface ProgramFiles {
  /** The folder of the bundles cli.cjs, service.cjs and devmesos.cjs. */
  readonly bundles: string;
  /** The folder that holds the Python module airflow_mesos. */
  readonly python: string;
  /** The locks of the Python environment. */
  readonly locks: string;
  /** What images are built from: Dockerfiles and their scripts, below `airflow/` and `mesos/`. */
  readonly images: string;
  /** DAGs to try. */
  readonly exampleDags: string;
  /** Where node_modules with a Node of npm's platform packages may be. */
  readonly packageRoot: string;
}

/**
 * Finds the program's files from the bundle that runs: in an installation (a copy of ours, see installation.ts) they lie
 * beside it, in the package it lies in `dist/` and they in `cluster/airflow/`. `entry` is `process.argv[1]`, which may be
 * a link that npm made.
 */
export function programFiles(entry: string): ProgramFiles {
  const bundles = path.dirname(fs.realpathSync(entry));
  if (fs.existsSync(path.join(bundles, 'python', 'airflow_mesos'))) {
    return {
      bundles,
      python: path.join(bundles, 'python'),
      locks: path.join(bundles, 'locks'),
      images: path.join(bundles, 'images'),
      exampleDags: path.join(bundles, 'dags'),
      packageRoot: bundles,
    };
  }
  const root = path.dirname(bundles);
  const airflow = path.join(root, 'cluster', 'airflow');
  return {
    bundles,
    python: airflow,
    locks: path.join(airflow, 'locks'),
    images: path.join(root, 'cluster'),
    exampleDags: path.join(airflow, 'dags'),
    packageRoot: root,
  };
}
