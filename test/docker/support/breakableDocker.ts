import fs from 'node:fs/promises';
import net from 'node:net';

/** A socket that passes everything on to Docker's, and whose connections can be cut. */
export class BreakableDocker {
  readonly #connections = new Set<net.Socket>();
  readonly #docker: string;
  readonly #path: string;
  #server: net.Server | undefined;

  constructor(docker: string, path: string) {
    this.#docker = docker;
    this.#path = path;
  }

  get host(): string {
    return `unix://${this.#path}`;
  }

  async listen(): Promise<void> {
    this.#server = net.createServer((client) => {
      const docker = net.connect(this.#docker);
      for (const [one, other] of [
        [client, docker],
        [docker, client],
      ] as const) {
        this.#connections.add(one);
        one.pipe(other);
        one
          .on('error', () => other.destroy())
          .on('close', () => {
            this.#connections.delete(one);
            other.destroy();
          });
      }
    });
    await new Promise<void>((resolve) => this.#server?.listen(this.#path, resolve));
  }

  /** As if the daemon had gone. */
  async cut(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    await new Promise<unknown>((resolve) => this.#server?.close(resolve));
    await fs.rm(this.#path, { force: true });
  }
}
