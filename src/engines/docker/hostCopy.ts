import fs from 'node:fs/promises';
import path from 'node:path';
import { passwordName } from '../../airflow/setup.ts';
import { secretFiles, type ContainerRuntime, type DockerSpec } from '../../api/cluster.ts';
import { protocolVersion } from '../../api/common.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import { readFileIn } from '../../docker/files.ts';
import { ExplainedError } from '../../host/errors.ts';
import { makePrivateFolder, readIfThere, writePrivateFile } from '../../host/files.ts';
import { clusterFolder, type ClusterFolder, type UserFolders } from '../../host/folders.ts';
import { partOf, type FoundCluster } from './found.ts';
import { inside, partNames } from './inside.ts';
import { labels, resourceName } from './labels.ts';
import { specLabel } from './spec.ts';

/** Of a cluster's secrets, those that this machine has a copy of: for clients, and for a person to read. */
const copiedSecrets = [secretFiles.admin, secretFiles.mesosCredentials, passwordName] as const;

/** Writes cluster.json and the secrets that clients need into the cluster's folder of this machine. */
export async function writeHostCopy(
  folder: ClusterFolder,
  spec: DockerSpec,
  secrets: ReadonlyMap<string, string>,
): Promise<void> {
  for (const each of [folder.root, folder.secrets, folder.logs]) await makePrivateFolder(each);
  await writePrivateFile(folder.spec, `${JSON.stringify(JSON.parse(specLabel(spec)), null, 2)}\n`);
  for (const name of copiedSecrets) {
    const secret = secrets.get(name);
    if (secret !== undefined) await writePrivateFile(path.join(folder.secrets, name), `${secret}\n`);
  }
}

/** Where the service is, for clients of this machine. */
export function runtimeOf(spec: DockerSpec): Pick<ContainerRuntime, 'url' | 'container'> {
  return {
    url: `http://127.0.0.1:${spec.service.port}`,
    container: resourceName(spec.name, partNames.service),
  };
}

/** Writes runtime.json: from now on the cluster counts as up. */
export async function writeRuntime(folder: ClusterFolder, spec: DockerSpec, version: string): Promise<void> {
  const runtime: ContainerRuntime = { protocol: protocolVersion, version, ...runtimeOf(spec) };
  await writePrivateFile(folder.runtime, `${JSON.stringify(runtime, null, 2)}\n`);
}

/** Without runtime.json the cluster counts as brought down. */
export async function forgetRuntime(folder: ClusterFolder): Promise<void> {
  await fs.rm(folder.runtime, { force: true });
}

/**
 * Writes the folder of a cluster again whose copy on this machine is lost or another one's, from the label and the volume
 * of its service. Throws ExplainedError where the service's container is gone or of another version.
 */
export async function adopt(
  engine: DockerEngine,
  found: FoundCluster,
  folders: UserFolders,
): Promise<{ readonly folder: ClusterFolder; readonly spec: DockerSpec }> {
  const folder = clusterFolder(folders, found.name);
  const { spec } = found;
  const service = partOf(found, partNames.service);
  if (!spec || !service) throw notAdoptable(found);
  const [kept, token] = await Promise.all([
    readIfThere(folder.spec),
    readIfThere(path.join(folder.secrets, secretFiles.admin)),
  ]);
  const same = kept !== undefined && isSameDeployment(kept, spec);
  if (same && token !== undefined && token.trim() !== '') return { folder, spec };
  const secrets = await readSecrets(engine, service.id, copiedSecrets);
  if (!secrets.has(secretFiles.admin)) throw notAdoptable(found);
  await writeHostCopy(folder, spec, secrets);
  return { folder, spec };
}

function isSameDeployment(text: string, spec: DockerSpec): boolean {
  return text.includes(spec.airflow.deployment) && text.includes(`"port": ${spec.service.port}`);
}

function notAdoptable(found: FoundCluster): ExplainedError {
  const label = partOf(found, partNames.service) !== undefined;
  return new ExplainedError(`The cluster “${found.name}” cannot be reached`, {
    why: label
      ? `the label ${labels.spec} of its service’s container is of another version, or its volume is damaged`
      : 'its service’s container is gone: the start that made the rest was broken off',
    next: 'mesos-airflow up completes it; mesos-airflow delete removes what there is.',
  });
}

/** Secrets from the volume of the service's container, by the names of their files; those that are there. */
export async function readSecrets(
  engine: DockerEngine,
  container: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const secrets = new Map<string, string>();
  const service = engine.docker.getContainer(container);
  await Promise.all(
    names.map(async (name) => {
      const secret = (await readFileIn(service, `${inside.state}/secrets/${name}`))?.toString().trim();
      if (secret !== undefined && secret !== '') secrets.set(name, secret);
    }),
  );
  return secrets;
}
