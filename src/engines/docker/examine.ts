import { diskFree } from '../../docker/disk.ts';
import { findDocker } from '../../docker/engine.ts';
import { checkMemory } from './limits.ts';

/** What `doctor` says of the Docker Engine. */
export interface DockerExamination {
  /** Whose it is, and where it was found. */
  readonly engine: string;
  /** What containers get of it. Throws DockerTooSmall where that is too little for a cluster. */
  resources(): Promise<string>;
}

/** How long an address may take to answer, in milliseconds. */
const limitMs = 2000;

/** Looks at the Docker Engine that clusters would use. Throws DockerUnavailable, which says what was tried. */
export async function examineDocker(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<DockerExamination> {
  const found = await findDocker({ env, signal, limitMs });
  const { endpoint, info } = found;
  const source = endpoint.source === endpoint.name ? endpoint.source : `${endpoint.name}, ${endpoint.source}`;
  const rootless = info.rootless ? ', rootless' : '';
  return {
    engine: `${info.provider} ${info.version}${rootless} at ${endpoint.address} (${source})`,
    resources: async () => {
      checkMemory([], info.memoryMb);
      const free = await diskFree(found);
      return [
        `${info.cpus} cpus`,
        `${gigabytes(info.memoryMb * 2 ** 20)} memory`,
        free === undefined ? 'free disk space not known' : `${gigabytes(free)} disk free`,
        `linux/${info.arch}`,
        `cgroup v${info.cgroupVersion}`,
      ].join(', ');
    },
  };
}

function gigabytes(bytes: number): string {
  return `${Number((bytes / 2 ** 30).toFixed(1))} GB`;
}
