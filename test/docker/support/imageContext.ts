import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Container, ContainerCreateOptions } from 'dockerode';
import { orUndefined } from '../../../src/docker/daemonError.ts';
import { findDocker } from '../../../src/docker/engine.ts';
import { lastLogLines } from '../../../src/docker/logs.ts';
import type { ImageContext } from '../../../src/engines/docker/images/context.ts';
import { programFiles } from '../../../src/engines/program.ts';
import { projectRoot } from '../../support/bundles.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { ensureBaseImages } from './baseImages.ts';
import { programFromSources, testSettings } from './clusters.ts';

/** What images are made with in tests, and containers of them. `remove` takes away containers, networks and named images. */
export class ImageTests {
  readonly ctx: ImageContext;
  readonly home: string;
  /** Lines of progress so far. */
  readonly told: string[];
  readonly #containers: Container[] = [];
  readonly #images = new Set<string>();
  readonly #removeHome: () => Promise<void>;

  private constructor(ctx: ImageContext, told: string[], home: Awaited<ReturnType<typeof temporaryFolder>>) {
    this.ctx = ctx;
    this.told = told;
    this.home = home.path;
    this.#removeHome = home.remove;
  }

  /** `bundles`: whether images with our own programs are made, which are bundled then. */
  static async prepare({ bundles = false } = {}): Promise<ImageTests> {
    const home = await temporaryFolder('images');
    const told: string[] = [];
    const ctx: ImageContext = {
      engine: await findDocker({ env: process.env, signal: AbortSignal.timeout(10_000) }),
      program: bundles
        ? await programFromSources(path.join(home.path, 'program'))
        : programFiles(path.join(projectRoot, 'dist', 'cli.cjs')),
      env: { ...process.env, MESOS_AIRFLOW_HOME: home.path },
      settings: testSettings(await ensureBaseImages()),
      signal: new AbortController().signal,
      progress: (detail) => void told.push(detail),
    };
    return new ImageTests(ctx, told, home);
  }

  /** A name of its own, for a container, a network or an image's tag. */
  name(): string {
    return `images-test-${randomBytes(4).toString('hex')}`;
  }

  /** Has an image removed at the end. */
  remember(image: string): string {
    this.#images.add(image);
    return image;
  }

  async make(options: ContainerCreateOptions): Promise<Container> {
    const container = await this.ctx.engine.docker.createContainer({
      ...options,
      Labels: { 'mesos-airflow.test': 'images' },
    });
    this.#containers.push(container);
    return container;
  }

  /** Runs a command in a container of its own to its end. */
  async run(
    image: string,
    command: string[],
    options: ContainerCreateOptions = {},
  ): Promise<{ status: number; output: string }> {
    const [program = '', ...args] = command;
    const container = await this.make({ ...options, Image: image, Entrypoint: [program], Cmd: args });
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    return { status: StatusCode, output: (await lastLogLines(container, 200)).join('\n') };
  }

  async remove(): Promise<void> {
    for (const container of this.#containers) await orUndefined(container.remove({ force: true, v: true }));
    for (const image of this.#images) await this.ctx.engine.docker.getImage(image).remove({ force: true });
    await this.#removeHome();
  }
}
