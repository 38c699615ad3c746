import path from 'node:path';
import { makePrivateFolder, writePrivateFile } from '../host/files.ts';
import { airflowCfg, airflowEnvironment } from './configuration.ts';
import { prepareDatabase } from './database.ts';
import { airflowSecrets, writePasswords } from './secrets.ts';
import type { AirflowSetup } from './setup.ts';

export interface PrepareOptions {
  readonly signal?: AbortSignal;
  /** What is going on, in a few words. */
  readonly onProgress?: (detail: string) => void;
}

/**
 * Makes all that Airflow's components need before they start: secrets, configuration, the migrated database. Harmless
 * where it was done already, and quick then. Throws ExplainedError where the database cannot be used.
 */
export async function prepareAirflow(setup: AirflowSetup, options: PrepareOptions = {}): Promise<void> {
  await makePrivateFolder(setup.home);
  await makePrivateFolder(path.join(setup.home, 'logs'));
  const secrets = await airflowSecrets(setup);
  await writePasswords(setup, secrets);
  await writePrivateFile(path.join(setup.home, 'airflow.cfg'), airflowCfg(secrets));
  await prepareDatabase(setup, airflowEnvironment(setup), options);
}
