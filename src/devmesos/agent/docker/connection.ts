import { DockerUnavailable } from '../../../docker/errors.ts';
import { findDocker, type DockerEngine } from '../../../docker/engine.ts';
import { NotAvailableError } from '../containerizer.ts';

/** The Docker Engine of an agent, asked anew when it has been away. */
export class DockerConnection {
  readonly #address: string | undefined;
  #engine: DockerEngine | undefined;

  /** A socket's path, or an address as DOCKER_HOST has it; undefined: the one that Docker's own client would take. */
  constructor(socket: string | undefined) {
    this.#address = socket?.startsWith('/') ? `unix://${socket}` : socket;
  }

  /** Throws NotAvailableError where it doesn't answer. */
  async get(): Promise<DockerEngine> {
    try {
      await this.#engine?.docker.ping();
    } catch {
      // It may have come back as another version.
      this.#engine = undefined;
    }
    this.#engine ??= await this.#find();
    return this.#engine;
  }

  async #find(): Promise<DockerEngine> {
    // The agent's own flag goes before what the person's Docker client is set to; logins for registries are theirs.
    const env = { ...process.env };
    if (this.#address !== undefined) {
      env.DOCKER_HOST = this.#address;
      delete env.DOCKER_CONTEXT;
    }
    try {
      return await findDocker({
        env,
        signal: new AbortController().signal,
        takeRemote: true,
      });
    } catch (error) {
      if (!(error instanceof DockerUnavailable)) throw error;
      const why = error.tried[0]?.why ?? error.message;
      throw new NotAvailableError(
        this.#address === undefined ? error.message : `no Docker Engine at ${this.#address}: ${why}`,
      );
    }
  }
}
