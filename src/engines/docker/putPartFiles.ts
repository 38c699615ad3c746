import type Docker from 'dockerode';
import path from 'node:path/posix';
import { putFiles, type ContainerFile, type ContainerFolder } from '../../docker/files.ts';
import { NoSuchUser, root, userNamed, userOf, type Owner } from './owner.ts';
import type { PartFiles } from './partFiles.ts';
import { baseImages } from './settings.ts';
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

async function put(container: Docker.Container, files: PartFiles): Promise<void> {
  const { folder } = files;
  const whose = await ownerOf(container, files);
  // From above, so that the volume's root is among them: Docker makes it as root's where the image has no such folder.
  const above = path.dirname(folder);
  const name = (file: string): string => path.relative(above, file);
  const folders = new Set([folder, ...files.files.map((file) => path.dirname(file.path))]);
  const entries: (ContainerFile | ContainerFolder)[] = [
    ...[...folders].map((each) => ({ path: name(each), folder: true as const, mode: 0o700, ...whose })),
    ...files.files.map((file) => ({ ...file, path: name(file.path), ...whose })),
  ];
  await putFiles(container, above, entries);
}

async function ownerOf(container: Docker.Container, { owner, part }: PartFiles): Promise<Owner> {
  if (owner === 'root') return root;
  if (owner === 'its user') return userOf(container);
  try {
    return await userNamed(container, owner.name);
  } catch (error) {
    if (!(error instanceof NoSuchUser)) throw error;
    const { Config } = await container.inspect();
    throw new NoSuchUser(`${Config.Image} cannot be the image of ${part}`, {
      why: `it has no user ${owner.name}`,
      next: `Take the one that is usual, ${baseImages.database}, or one made from it: --database-image.`,
      cause: error,
    });
  }
}
