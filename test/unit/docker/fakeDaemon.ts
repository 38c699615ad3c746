import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { Candidate } from '../../../src/docker/endpoint.ts';

/** What a daemon answers, where it isn't Docker's of 2020 on Debian. */
export interface DaemonFacts {
  readonly version?: Record<string, unknown>;
  readonly info?: Record<string, unknown>;
  /** Answered to everything. */
  readonly status?: number;
  /** Takes connections and says nothing. */
  readonly silent?: boolean;
}

/** Answers as a daemon does that is asked what it is, on a socket of its own. */
export class FakeDaemon {
  readonly asked: string[] = [];
  readonly socketPath: string;
  readonly #server: http.Server;

  private constructor(socketPath: string, facts: DaemonFacts) {
    this.socketPath = socketPath;
    this.#server = http.createServer((request, response) => {
      const url = request.url ?? '';
      this.asked.push(url);
      if (facts.silent) return;
      response.statusCode = facts.status ?? 200;
      if (url.startsWith('/_ping')) response.end('OK');
      else if (url.startsWith('/version')) response.end(JSON.stringify({ ...version, ...facts.version }));
      else response.end(JSON.stringify({ ...info, ...facts.info }));
    });
  }

  static async start(folder: string, name: string, facts: DaemonFacts = {}): Promise<FakeDaemon> {
    const daemon = new FakeDaemon(path.join(folder, name), facts);
    await new Promise<void>((resolve) => daemon.#server.listen(daemon.socketPath, resolve));
    return daemon;
  }

  get candidate(): Candidate {
    return {
      kind: 'unix',
      address: `unix://${this.socketPath}`,
      socketPath: this.socketPath,
      name: path.basename(this.socketPath),
      source: 'usual place',
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const version = {
  Version: '20.10.24',
  ApiVersion: '1.41',
  MinAPIVersion: '1.12',
  Os: 'linux',
  Arch: 'amd64',
  Platform: { Name: '' },
  Components: [{ Name: 'Engine' }],
};

const info = {
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  // Another machine's name would be that of a daemon outside of the container that the tests may run in.
  Name: os.hostname(),
  NCPU: 4,
  MemTotal: 8 * 2 ** 30,
  CgroupVersion: '2',
  SecurityOptions: ['name=seccomp,profile=default'],
  KernelVersion: '6.1.0',
  Driver: 'overlay2',
  DockerRootDir: '/var/lib/docker',
};
