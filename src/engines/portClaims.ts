import os from 'node:os';
import path from 'node:path';
import { LockHeldError, takeLock, type Lock } from '../host/lock.ts';
import { choosePort } from '../host/ports.ts';

/**
 * Free ports that nobody else of this user takes while they are held. Between the choice of a port and the moment when a
 * part listens on it ten seconds can pass, and another cluster, even one with folders of its own, would choose it too.
 */
export class PortClaims {
  readonly #folder: string;
  readonly #locks: Lock[] = [];

  /** `folder`: the same for all of this user's clusters. */
  constructor(folder = path.join(os.tmpdir(), `mesos-airflow-${os.userInfo().uid}`, 'ports')) {
    this.#folder = folder;
  }

  /** A free port at or near the wanted one that is neither taken nor held by another process. */
  async choose(wanted: number, taken: ReadonlySet<number>): Promise<number> {
    const refused = new Set(taken);
    for (;;) {
      const port = await choosePort(wanted, refused);
      try {
        this.#locks.push(await takeLock(path.join(this.#folder, String(port))));
        return port;
      } catch (error) {
        if (!(error instanceof LockHeldError)) throw error;
        refused.add(port);
      }
    }
  }

  /** Gives all of them up: by now their parts listen, or never will. */
  async release(): Promise<void> {
    for (const lock of this.#locks.splice(0)) await lock.release();
  }
}
