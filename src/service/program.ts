import path from 'node:path';
import { ExplainedError } from '../host/errors.ts';

/** The cluster folder of `--cluster <folder>`. Throws ExplainedError for anything else. */
export function clusterArgument(args: readonly string[]): string {
  const [option, folder, ...rest] = args;
  if (option !== '--cluster' || folder === undefined || rest.length > 0) {
    throw new ExplainedError('The service is started with --cluster and the folder of a cluster', {
      next: 'Start a cluster with mesos-airflow up: it starts the service.',
    });
  }
  return path.resolve(folder);
}
