import path from 'node:path';
import type { HostConfig, MountSettings } from 'dockerode';
import type { Volume } from '../../../mesos/types.ts';
import { RunOptionsError } from './errors.ts';

/** A volume as an agent reads it. */
export type TaskVolume = Volume & {
  readonly source?: { readonly type?: string; readonly docker_volume?: { name: string; driver?: string } };
};

/** Where a task's container has its sandbox. */
export const sandboxInside = '/mnt/mesos/sandbox';

/** The sandbox and a task's volumes. A folder in the sandbox, or one that has a colon in its path, can't be a bind. */
export function mountsOf(
  volumes: readonly TaskVolume[],
  sandbox: string,
): Pick<HostConfig, 'Binds' | 'Mounts' | 'VolumeDriver'> {
  const mounts: MountSettings[] = [bindMount(sandbox, sandboxInside, 'RW')];
  const binds: string[] = [];
  let driver: string | undefined;
  for (const volume of volumes) {
    const { container_path: inside, host_path: outside, mode, source } = volume;
    const target = path.posix.resolve(sandboxInside, inside);
    if (outside !== undefined && !path.posix.isAbsolute(outside)) {
      mounts.push(bindMount(path.join(sandbox, relativeFolder(outside, inside)), target, mode));
    } else if (outside !== undefined) {
      if (`${outside}${target}`.includes(':')) mounts.push(bindMount(outside, target, mode));
      else binds.push(`${outside}:${target}:${mode.toLowerCase()}`);
    } else if (source?.docker_volume) {
      const { name, driver: wanted } = source.docker_volume;
      if (wanted !== undefined && driver !== undefined && wanted !== driver)
        throw new RunOptionsError('Only one volume driver is supported');
      driver = wanted ?? driver;
      binds.push(`${name}:${target}:${mode.toLowerCase()}`);
    } else if (source) {
      throw new RunOptionsError(
        `volumes of type ${source.type ?? '?'} are not supported, only DOCKER_VOLUME`,
      );
    } else {
      throw new RunOptionsError('Host path or volume source is required');
    }
  }
  return { Mounts: mounts, Binds: binds, ...(driver === undefined ? {} : { VolumeDriver: driver }) };
}

/** Folders in the sandbox that volumes name: they must be there before the container is. */
export function sandboxFolders(volumes: readonly TaskVolume[], sandbox: string): string[] {
  return volumes.flatMap(({ host_path: outside }) =>
    outside === undefined || path.posix.isAbsolute(outside) ? [] : path.join(sandbox, outside),
  );
}

function relativeFolder(outside: string, inside: string): string {
  if (!path.posix.isAbsolute(inside)) {
    throw new RunOptionsError(
      `Both host_path '${outside}' and container_path '${inside}' of a volume are relative`,
    );
  }
  if (outside.split('/').includes('..')) {
    throw new RunOptionsError(`the host_path '${outside}' of a volume leads out of the sandbox`);
  }
  return outside;
}

function bindMount(source: string, target: string, mode: Volume['mode']): MountSettings {
  return { Type: 'bind', Source: source, Target: target, ReadOnly: mode === 'RO' };
}
