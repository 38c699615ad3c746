import type Docker from 'dockerode';
import path from 'node:path/posix';
import { putFiles, type ContainerFile, type ContainerFolder } from '../../docker/files.ts';
import { root, userNamed, userOf, type Owner } from './owner.ts';
import type { PartFiles } from './partFiles.ts';
import { together } from './together.ts';

/** Puts each part's files onto its volumes, running or not: through its container, as its user's own. */
export async function putPartFiles(
  containers: ReadonlyMap<string, Docker.Container>,
  all: readonly PartFiles[],
): Promise<void> {
  await together(
    all.map(async (each) => {
      const container = containers.get(each.part);
      if (!container) throw new Error(`${each.part} has no container`);
      await put(container, each);
    }),
  );
}

async function put(container: Docker.Container, { files, folder, owner }: PartFiles): Promise<void> {
  const whose = await ownerOf(container, owner);
  // From above, so that the volume's root is among them: Docker makes it as root's where the image has no such folder.
  const above = path.dirname(folder);
  const name = (file: string): string => path.relative(above, file);
  const folders = new Set([folder, ...files.map((file) => path.dirname(file.path))]);
  const entries: (ContainerFile | ContainerFolder)[] = [
    ...[...folders].map((each) => ({ path: name(each), folder: true as const, mode: 0o700, ...whose })),
    ...files.map((file) => ({ ...file, path: name(file.path), ...whose })),
  ];
  await putFiles(container, above, entries);
}

async function ownerOf(container: Docker.Container, owner: PartFiles['owner']): Promise<Owner> {
  if (owner === 'root') return root;
  return owner === 'its user' ? userOf(container) : userNamed(container, owner.name);
}
