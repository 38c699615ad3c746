import { randomBytes } from 'node:crypto';
import { airflowSecretsBy, type AirflowSecrets } from '../../airflow/secrets.ts';
import { mesosPrincipal, secretFiles } from '../../api/cluster.ts';

/** All secrets of a cluster in Docker. They lie in the volume `state`; those of others are copies. */
export interface ClusterSecrets {
  /** Opens every door of the service. */
  readonly admin: string;
  /** Opens the deployment's doors; for Airflow's executor. */
  readonly executor: string;
  /** Shared by the dev master and its agents. */
  readonly mesos: string;
  /** `principal secret`: the login at master and agents. */
  readonly mesosCredentials: string;
  readonly databasePassword: string;
  readonly airflow: AirflowSecrets;
  /** All of them by the names of their files in the cluster's folder of secrets. */
  readonly files: ReadonlyMap<string, string>;
}

const databasePasswordFile = 'database.password';

/** A cluster's secrets: those that are kept (by their files' names), and new ones for what is missing. */
export async function secretsWith(kept: ReadonlyMap<string, string>): Promise<ClusterSecrets> {
  const files = new Map<string, string>();
  const take = (name: string, make: () => string = token): string => {
    const value = kept.get(name)?.trim();
    const secret = value === undefined || value === '' ? make() : value;
    files.set(name, secret);
    return secret;
  };
  return {
    admin: take(secretFiles.admin),
    executor: take(secretFiles.airflow),
    mesos: take(secretFiles.mesos),
    mesosCredentials: take(secretFiles.mesosCredentials, () => `${mesosPrincipal} ${token()}`),
    databasePassword: take(databasePasswordFile),
    airflow: await airflowSecretsBy(take),
    files,
  };
}

function token(): string {
  return randomBytes(32).toString('base64url');
}

/** The names of the files in which a cluster's secrets are kept. */
export async function secretNames(): Promise<string[]> {
  return [...(await secretsWith(new Map())).files.keys()];
}
