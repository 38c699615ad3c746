import { randomBytes } from 'node:crypto';
import type { Container } from 'dockerode';
import type { DockerEngine } from '../../../src/docker/engine.ts';
import { labels, resourceName } from '../../../src/engines/docker/labels.ts';
import { exampleDockerSpec } from '../../unit/cli/dockerSpec.ts';

/** Ends with status 3 when told to, says something before, and lives when it is started again. */
const mortal = `test -f /tmp/died && exec sleep 1000
while ! test -f /tmp/die; do sleep 0.1; done
touch /tmp/died; echo last words; exit 3`;

/** Containers with the labels of a cluster, which do nothing: what the command line knows of a cluster by Docker alone. */
export class FakeCluster {
  readonly name = `cli-${randomBytes(4).toString('hex')}`;
  readonly #engine: DockerEngine;
  readonly #image: string;

  constructor(engine: DockerEngine, image: string) {
    this.#engine = engine;
    this.#image = image;
  }

  async start(...parts: readonly string[]): Promise<Map<string, Container>> {
    const made = new Map<string, Container>();
    for (const part of parts) {
      const container = await this.#engine.docker.createContainer({
        name: resourceName(this.name, part),
        Image: this.#image,
        Cmd: ['sh', '-c', mortal],
        Labels: {
          [labels.cluster]: this.name,
          [labels.part]: part,
          ...(part === 'service' ? { [labels.spec]: JSON.stringify(exampleDockerSpec(this.name)) } : {}),
        },
        HostConfig: { Init: true, RestartPolicy: { Name: 'unless-stopped' } },
      });
      await container.start();
      made.set(part, container);
    }
    return made;
  }

  async containers(): Promise<string[]> {
    const label = [`${labels.cluster}=${this.name}`];
    const found = await this.#engine.docker.listContainers({ all: true, filters: { label } });
    return found.map(({ Id }) => Id);
  }

  async remove(): Promise<void> {
    for (const id of await this.containers())
      await this.#engine.docker.getContainer(id).remove({ force: true });
  }
}

/** Lets a container of a fake cluster die by itself. */
export async function letDie(container: Container): Promise<void> {
  const exec = await container.exec({ Cmd: ['touch', '/tmp/die'] });
  await exec.start({});
}
