import { connect, type Connection, type KnownCluster } from '../../client/discover.ts';
import { ForeignService, ServiceUnreachable } from '../../client/errors.ts';

/** Has a cluster's service started again where it died; rejects with the reason where it cannot be. */
export type Revive = (cluster: string, signal: AbortSignal) => Promise<void>;

/** Failures before the command line is asked: mostly Docker has started the container again by then. */
const failuresBefore = 2;
/** How long the command line is not asked again after it could not (milliseconds). */
const notAgainMs = 30_000;

/**
 * The way to a service in a container. Its runtime.json is believed until the service does not answer; then Docker starts
 * it again, or the command line does, which also knows why it cannot be.
 */
export class ContainerService {
  readonly #revive: Revive | undefined;
  #failures = 0;
  #askedAt = -Infinity;
  /** What the command line said the last time, for as long as it is not asked again. */
  #reason: Error | undefined;

  constructor(revive: Revive | undefined) {
    this.#revive = revive;
  }

  /** `wasAlive`: this window saw it alive. One that was dead before waits for a person. */
  async connect(cluster: KnownCluster, wasAlive: boolean, signal: AbortSignal): Promise<Connection> {
    try {
      const connection = await connect(cluster, signal);
      this.forget();
      return connection;
    } catch (error) {
      const gone = error instanceof ServiceUnreachable || error instanceof ForeignService;
      if (!gone || signal.aborted) throw error;
      this.#failures += 1;
      if (!this.#revive || !wasAlive || this.#failures <= failuresBefore) throw error;
      if (performance.now() - this.#askedAt < notAgainMs) throw this.#reason ?? error;
      this.#askedAt = performance.now();
      this.#reason = undefined;
      await this.#askToRevive(this.#revive, cluster.name, signal);
      return connect(cluster, signal);
    }
  }

  forget(): void {
    this.#failures = 0;
    this.#askedAt = -Infinity;
    this.#reason = undefined;
  }

  async #askToRevive(revive: Revive, name: string, signal: AbortSignal): Promise<void> {
    try {
      await revive(name, signal);
    } catch (error) {
      this.#reason = error instanceof Error ? error : undefined;
      throw error;
    }
  }
}
