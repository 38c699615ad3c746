import type Docker from 'dockerode';
import { statusOf } from '../../../docker/daemonError.ts';
import { DockerConnection } from './connection.ts';
import { taskLabels } from './labels.ts';

/** Ends and removes the containers of tasks that earlier processes of an agent left. Returns their names. */
export async function removeLeftovers(docker: Docker, agentId: string): Promise<string[]> {
  const label = [`${taskLabels.agent}=${agentId}`];
  const found = await docker.listContainers({ all: true, filters: { label } });
  await Promise.all(
    found.map(async ({ Id }) => {
      try {
        await docker.getContainer(Id).remove({ force: true, v: true });
      } catch (error) {
        // Gone, or about to.
        if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
      }
    }),
  );
  return found.map(({ Names: [name = ''] }) => name.replace(/^\//, ''));
}

/** The same of an agent that is no more. Throws NotAvailableError where there is no Docker Engine. */
export async function removeContainersOf(agentId: string, socket: string | undefined): Promise<void> {
  const { docker } = await new DockerConnection(socket).get();
  await removeLeftovers(docker, agentId);
}
