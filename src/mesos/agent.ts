import { InvalidAddressError } from './errors.ts';
import { listFiles, readFile, type FilePart } from './files.ts';
import type { ContainerId, ContainerStatus, FileInfo, Id, Task } from './types.ts';
import { V1Api, type CallOptions, type V1ApiOptions } from './v1Api.ts';

export interface Container {
  framework_id: Id;
  executor_id: Id;
  executor_name?: string;
  container_id: ContainerId;
  container_status?: ContainerStatus;
  resource_statistics?: {
    timestamp: number;
    cpus_limit?: number;
    cpus_user_time_secs?: number;
    cpus_system_time_secs?: number;
    mem_limit_bytes?: number;
    mem_rss_bytes?: number;
    mem_total_bytes?: number;
  };
}

/** Of GET_STATE; each list holds tasks by how far they have come on this agent. */
export interface AgentState {
  get_tasks?: {
    pending_tasks?: Task[];
    queued_tasks?: Task[];
    launched_tasks?: Task[];
    terminated_tasks?: Task[];
    completed_tasks?: Task[];
  };
  get_executors?: { executors?: object[]; completed_executors?: object[] };
  get_frameworks?: { frameworks?: object[]; completed_frameworks?: object[] };
}

/**
 * The address of an agent from the `pid` by which its master knows it (`slave(1)@10.0.0.5:5051`). The hostname that
 * the agent advertises is no address: it is often one that only the cluster resolves, or the container's own id.
 * @throws InvalidAddressError
 */
export function agentAddress(pid: string, scheme: 'http' | 'https' = 'http'): string {
  const host = /^[^@]+@(\S+:\d+)$/.exec(pid)?.[1];
  const address = `${scheme}://${host ?? ''}`;
  if (host === undefined || !URL.canParse(address)) {
    throw new InvalidAddressError(`"${pid}" is not an agent's pid such as slave(1)@127.0.0.1:5051`);
  }
  return address;
}

/** An agent's operator API. Errors are those of V1Api.ask. */
export class AgentClient {
  readonly #api: V1Api;

  /** @throws InvalidAddressError */
  constructor(options: V1ApiOptions) {
    this.#api = new V1Api(options);
  }

  /** Answered by every agent that has this API. */
  async getHealth(options: CallOptions = {}): Promise<void> {
    await this.#api.ask({ type: 'GET_HEALTH' }, options);
  }

  getState(options: CallOptions = {}): Promise<AgentState> {
    return this.#api.ask({ type: 'GET_STATE' }, options);
  }

  async getContainers(options: CallOptions = {}): Promise<Container[]> {
    const answer: { containers?: Container[] } = await this.#api.ask({ type: 'GET_CONTAINERS' }, options);
    return answer.containers ?? [];
  }

  /** The files of a directory, their paths beginning as `path` does (sandboxPath gives one). 404: nothing there. */
  listFiles(path: string, options: CallOptions = {}): Promise<FileInfo[]> {
    return listFiles(this.#api, path, options);
  }

  /**
   * Reads part of a file.
   * @param length bytes; the agent gives at most `maxReadLength` (64 KiB) at once, which is also the default
   * @returns no data, and the size, past the end or for length 0
   * @throws MesosHttpError: 404 nothing there, 400 a directory or a path that leaves the sandbox
   */
  readFile(path: string, offset: number, length?: number, options: CallOptions = {}): Promise<FilePart> {
    return readFile(this.#api, path, offset, length, options);
  }

  close(): void {
    this.#api.close();
  }
}
