import path from 'node:path';
import { Command } from 'commander';
import { makeScratch } from '../../airflow/scratch.ts';
import { findCluster } from '../../client/discover.ts';
import { checkName } from '../../engines/settings.ts';
import { clusterFolder } from '../../host/folders.ts';
import { resolveSecrets } from '../../host/secretReference.ts';
import { nameOption, type MakeCommand, type NameOption } from '../command.ts';
import type { Context } from '../context.ts';
import { noSuchCluster } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';

/** For the editor's "Debug DAG", hidden: makes a scratch Airflow for one run of a DAG, and prints how to run it. */
export const prepareDebug: MakeCommand = (context) =>
  new Command('prepare-debug')
    .description('make what a DAG can be debugged in on this machine, and print it as JSON')
    .addOption(nameOption())
    .action((options: NameOption) => prepare(options, context));

async function prepare({ name }: NameOption, context: Context): Promise<void> {
  const spec = (await findCluster(checkName(name), context.folders))?.spec;
  if (!spec) throw noSuchCluster(name);
  if (spec.engine !== 'embedded') {
    throw new CommandError(exitCodes.failed, `The Python of the cluster ${name} is inside its images`, {
      why: 'a DAG is debugged in the cluster’s own Python, and this machine has none of a cluster in Docker',
      next: 'Debug a task of it, which runs on an agent, or the DAG with an embedded cluster.',
    });
  }
  const { signal } = context.interrupts;
  const { airflow, service } = spec;
  const secrets = await resolveSecrets(airflow.secrets ?? {}, { env: context.env, signal });
  const root = path.dirname(service.program);
  const folder = path.join(clusterFolder(context.folders, name).root, 'debug');
  const scratch = await makeScratch({
    parent: folder,
    setup: {
      ...{ python: airflow.python, version: airflow.version, dagsFolder: airflow.dags_folder },
      pythonPath: path.join(root, 'python'),
      variables: { ...airflow.env, ...secrets },
    },
    signal,
  });
  context.out.line(JSON.stringify(scratch));
}
