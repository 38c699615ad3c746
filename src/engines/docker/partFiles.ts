import { airflowCfg, airflowVariables } from '../../airflow/configuration.ts';
import { passwordsFile, passwordsJson } from '../../airflow/secrets.ts';
import { secretFiles, type DockerSpec } from '../../api/cluster.ts';
import { airflowSetup } from './airflowSetup.ts';
import { inside, partNames } from './inside.ts';
import { database } from './plan.ts';
import type { ClusterSecrets } from './secrets.ts';
import type { PythonPlace } from './spec.ts';

/** A file that a part finds on its volume. */
export interface PartFile {
  /** Absolute, inside the container. */
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** What is put through one part's container, and so onto its volumes, before it starts. */
export interface PartFiles {
  readonly part: string;
  /** Its volume's folder, which becomes its user's own. */
  readonly folder: string;
  /** Whose they are: the user of the part's container, another one of its image by name, or root. */
  readonly owner: 'its user' | 'root' | { readonly name: string };
  readonly files: readonly PartFile[];
}

/** cluster.json with the person's variables, all secrets, and configuration that holds some, each to those who need it. */
export function partFiles(spec: DockerSpec, secrets: ClusterSecrets, airflow: PythonPlace): PartFiles[] {
  return [
    {
      part: partNames.service,
      folder: inside.state,
      owner: 'its user',
      files: [
        privateFile(`${inside.state}/cluster.json`, `${JSON.stringify(spec, null, 2)}\n`),
        ...[...secrets.files].map(([name, secret]) =>
          privateFile(`${inside.state}/secrets/${name}`, `${secret}\n`),
        ),
      ],
    },
    {
      part: partNames.master,
      folder: inside.mesos,
      // Tasks run as another user in the agents' containers.
      owner: 'root',
      files: [
        privateFile(`${inside.mesos}/${secretFiles.mesos}`, `${secrets.mesos}\n`),
        privateFile(`${inside.mesos}/${secretFiles.mesosCredentials}`, `${secrets.mesosCredentials}\n`),
      ],
    },
    {
      part: partNames.database,
      folder: inside.database,
      owner: { name: 'postgres' },
      files: [privateFile(database.passwordFile, secrets.databasePassword)],
    },
    {
      part: 'api-server',
      folder: inside.airflow,
      owner: 'its user',
      files: airflowFiles(spec, secrets, airflow),
    },
  ];
}

function airflowFiles(spec: DockerSpec, secrets: ClusterSecrets, airflow: PythonPlace): PartFile[] {
  const setup = { ...airflowSetup(spec, airflow), variables: spec.airflow.env };
  const { user, name } = database;
  const connection = `postgresql+psycopg2://${user}:${secrets.databasePassword}@${partNames.database}:${inside.ports.database}/${name}`;
  return [
    privateFile(`${inside.airflow}/airflow.cfg`, airflowCfg(secrets.airflow, connection)),
    privateFile(passwordsFile(setup), passwordsJson(secrets.airflow)),
    privateFile(setup.mesos.tokenFile, `${secrets.executor}\n`),
    // Not in the containers' environment, which Docker shows.
    privateFile(`${inside.airflow}/env.json`, `${JSON.stringify(airflowVariables(setup))}\n`),
  ];
}

function privateFile(path: string, content: string): PartFile {
  return { path, content, mode: 0o600 };
}
