import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Container, ContainerInspectInfo } from 'dockerode';
import { daemonOf, openAnswer } from '../../../docker/call.ts';
import { daemonMessage, statusOf } from '../../../docker/daemonError.ts';
import { frames } from '../../../docker/logs.ts';
import { messageOf } from '../../../host/errors.ts';
import type { Clock, Timer } from '../../clock.ts';
import {
  NotRunningError,
  type ContainerEnd,
  type ContainerUsage,
  type RunningContainer,
  type SessionRequest,
} from '../container.ts';
import type { Outputs } from '../outputs.ts';
import type { SessionCommand } from '../sessions/sessionCommand.ts';
import { ExecCommand } from './execCommand.ts';
import { readUsage } from './usage.ts';

const write = promisify(fs.write);

/** Milliseconds between two tries while the Docker Engine doesn't answer. */
const retryEvery = 1000;
/** Milliseconds for the last output to come once the container has ended. */
const drainWithin = 5000;

export interface DockerContainerOptions {
  /** Made, not started. */
  readonly container: Container;
  /** Closed at the end. */
  readonly outputs: Outputs;
  readonly clock: Clock;
  /** Called once, when it has ended and is removed. */
  readonly onEnd: (end: ContainerEnd) => void;
  /** For the agent's log. */
  readonly onProblem: (problem: string) => void;
}

/** A task's Docker container. */
export class DockerContainer implements RunningContainer {
  readonly pid = undefined;
  readonly ended: Promise<void>;
  readonly #options: DockerContainerOptions;
  readonly #copying = new AbortController();
  #copied: Promise<void> = Promise.resolve();
  #resolve: () => void = () => undefined;
  #stopSignal = 'SIGTERM';
  #isStarted = false;
  #isOver = false;
  #deadline: number | undefined;
  #escalation: Timer | undefined;

  constructor(options: DockerContainerOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
  }

  get isBeingKilled(): boolean {
    return this.#deadline !== undefined;
  }

  /**
   * Starts it, with its output going to the sandbox. Resolves with what the Docker Engine says of it then; with nothing
   * where it could not be started, which `onEnd` tells.
   */
  async start(): Promise<ContainerInspectInfo | undefined> {
    const { container } = this.#options;
    let about: ContainerInspectInfo;
    try {
      const attached = await openAnswer(daemonOf(container), {
        method: 'POST',
        path: `/containers/${container.id}/attach`,
        query: { stream: true, stdout: true, stderr: true },
        signal: this.#copying.signal,
      });
      this.#copied = this.#copy(frames(attached));
      await container.start();
      about = await container.inspect();
    } catch (error) {
      const message = `Failed to run docker container: ${daemonMessage(error)}`;
      await this.#end({ succeeded: false, message });
      return undefined;
    }
    this.#isStarted = true;
    // Docker leaves it out where the image does.
    const config = about.Config as { StopSignal?: string };
    this.#stopSignal = config.StopSignal ?? 'SIGTERM';
    // A kill that came meanwhile.
    if (this.isBeingKilled) this.#signal(this.#stopSignal);
    this.#watch().catch((error: unknown) => this.#options.onProblem(messageOf(error)));
    return about;
  }

  kill(grace: number): void {
    if (this.#isOver) return;
    const { clock } = this.#options;
    const deadline = clock.now() + grace;
    const isFirst = this.#deadline === undefined;
    if (this.#deadline !== undefined && this.#deadline <= deadline) return;
    this.#deadline = deadline;
    this.#escalation?.cancel();
    this.#escalation = clock.after(grace, () => this.#signal('SIGKILL'));
    if (isFirst) this.#signal(this.#stopSignal);
  }

  usage(): Promise<ContainerUsage> {
    return readUsage(this.#options.container);
  }

  async openSession(request: SessionRequest): Promise<SessionCommand> {
    try {
      return await ExecCommand.start(this.#options.container, request, this.#options.onProblem);
    } catch (error) {
      if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
      throw new NotRunningError(daemonMessage(error), { cause: error });
    }
  }

  /** Sends a signal to its first process, again and again while the Docker Engine doesn't answer. */
  #signal(signal: string): void {
    if (this.#isOver || !this.#isStarted) return;
    this.#options.container.kill({ signal }).catch((error: unknown) => {
      // It isn't there, or doesn't run any more.
      if (statusOf(error) === 404 || statusOf(error) === 409) return;
      this.#options.onProblem(`${signal} could not be sent: ${daemonMessage(error)}`);
      this.#options.clock.after(retryEvery, () => this.#signal(signal));
    });
  }

  async #watch(): Promise<void> {
    const state = await this.#finalState();
    await Promise.race([this.#copied, delay(drainWithin, undefined, { ref: false })]);
    await this.#end(endOf(state));
  }

  /** Waits for its end; undefined where somebody removed it. */
  async #finalState(): Promise<ContainerInspectInfo | undefined> {
    const { container, onProblem } = this.#options;
    for (let last = ''; ;) {
      try {
        await container.wait();
        return await container.inspect();
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        // The Docker Engine went away: what it knows when it is back counts.
        if (messageOf(error) !== last) onProblem(daemonMessage(error));
        last = messageOf(error);
        await delay(retryEvery);
      }
    }
  }

  async #copy(pieces: ReturnType<typeof frames>): Promise<void> {
    const { outputs, onProblem } = this.#options;
    try {
      for await (const { stream, bytes } of pieces) await writeAll(outputs[stream], bytes);
    } catch (error) {
      if (!this.#copying.signal.aborted) onProblem(`its output is lost: ${messageOf(error)}`);
    }
  }

  async #end(end: ContainerEnd): Promise<void> {
    const { container, outputs, onEnd, onProblem } = this.#options;
    this.#isOver = true;
    this.#escalation?.cancel();
    this.#copying.abort();
    await this.#copied;
    try {
      await container.remove({ force: true, v: true });
    } catch (error) {
      if (statusOf(error) !== 404) onProblem(`it is not removed: ${daemonMessage(error)}`);
    }
    fs.closeSync(outputs.stdout);
    fs.closeSync(outputs.stderr);
    onEnd(end);
    this.#resolve();
  }
}

async function writeAll(file: number, bytes: Buffer): Promise<void> {
  for (let from = 0; from < bytes.length;) from += (await write(file, bytes, from)).bytesWritten;
}

function endOf(about: ContainerInspectInfo | undefined): ContainerEnd {
  if (!about) return { succeeded: false, message: 'Failed to get exit status of container' };
  const { ExitCode: code, OOMKilled: outOfMemory } = about.State;
  const message = `Container exited with status ${code}`;
  if (code === 0 || !outOfMemory) return { succeeded: code === 0, message };
  const limit = Math.round((about.HostConfig.Memory ?? 0) / 2 ** 20);
  return {
    succeeded: false,
    message: `${message}: its memory limit of ${limit} MB was exceeded`,
    reason: 'REASON_CONTAINER_LIMITATION_MEMORY',
  };
}
