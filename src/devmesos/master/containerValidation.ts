import type { TaskInfo, Volume } from '../../mesos/types.ts';

/** A volume as it comes over the wire, whatever it may be. */
interface AnyVolume extends Volume {
  readonly image?: object;
  readonly source?: {
    readonly type?: string;
    readonly docker_volume?: object;
    readonly host_path?: object;
    readonly sandbox_path?: object;
    readonly secret?: object;
    readonly csi_volume?: { readonly static_provisioning?: object };
  };
}

/** What is wrong with the container that a task asks for, in Mesos's words; undefined: nothing. */
export function containerError({ container }: TaskInfo): string | undefined {
  const invalid = "Task's `ContainerInfo` is invalid";
  for (const volume of container?.volumes ?? []) {
    const error = volumeError(volume);
    if (error) return `${invalid}: Invalid volume: ${error}`;
  }
  if (container?.type !== 'DOCKER') return undefined;
  if (!container.docker) return `${invalid}: DockerInfo 'docker' is not set for DOCKER typed ContainerInfo`;
  if (container.docker.parameters?.some(({ key }) => key === 'name'))
    return `${invalid}: Parameter in DockerInfo must not be 'name'`;
  return undefined;
}

function volumeError({ host_path: hostPath, image, source }: AnyVolume): string | undefined {
  if ([hostPath, image, source].filter((one) => one !== undefined).length !== 1) {
    return "Only one of them should be set: 'host_path', 'image' and 'source'";
  }
  return source && sourceError(source);
}

function sourceError(source: NonNullable<AnyVolume['source']>): string | undefined {
  switch (source.type) {
    case 'DOCKER_VOLUME':
      return source.docker_volume ? undefined : "'source.docker_volume' is not set for DOCKER_VOLUME volume";
    case 'HOST_PATH':
      return source.host_path ? undefined : "'source.host_path' is not set for HOST_PATH volume";
    case 'SANDBOX_PATH':
      return source.sandbox_path ? undefined : "'source.sandbox_path' is not set for SANDBOX_PATH volume";
    case 'SECRET':
      return source.secret ? undefined : "'source.secret' is not set for SECRET volume";
    case 'CSI_VOLUME':
      if (!source.csi_volume) return "'source.csi_volume' is not set for CSI volume";
      return source.csi_volume.static_provisioning
        ? undefined
        : "'source.csi_volume.static_provisioning' is not set for CSI volume";
    default:
      return "'source.type' is unknown";
  }
}
