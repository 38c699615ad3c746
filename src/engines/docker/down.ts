import { componentNames } from '../../airflow/components.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import { statusOf } from '../../docker/daemonError.ts';
import { clusterFolder, type UserFolders } from '../../host/folders.ts';
import type { Watch } from '../engine.ts';
import { Phases, type Phase } from '../phases.ts';
import { count } from './amounts.ts';
import { forceRemove, stopContainer } from './containers.ts';
import { findInDocker, isUp, type FoundCluster, type FoundContainer } from './found.ts';
import { forgetRuntime } from './hostCopy.ts';
import { partNames } from './inside.ts';
import { whileGoingDown } from './lock.ts';
import { together } from './together.ts';

/** In which order parts are stopped: Airflow, agents with their tasks, the master, the service that sees it all, its database. */
export function stopOrder(containers: readonly FoundContainer[]): FoundContainer[][] {
  const groups = containers.reduce<Record<number, FoundContainer[]>>((all, container) => {
    (all[stageOf(container.part)] ??= []).push(container);
    return all;
  }, {});
  return Object.keys(groups)
    .map(Number)
    .sort((one, other) => one - other)
    .map((stage) => groups[stage] ?? []);
}

function stageOf(part: string): number {
  if ((componentNames as readonly string[]).includes(part)) return 0;
  if (part === partNames.master) return 2;
  if (part === partNames.service) return 3;
  if (part === partNames.database) return 4;
  return 1;
}

/** Stops a cluster's containers in order; they and their volumes stay. Returns whether anything ran. */
export async function stopCluster(
  engine: DockerEngine,
  name: string,
  folders: UserFolders,
  watch: Watch,
): Promise<boolean> {
  const found = await findInDocker(engine, name, watch.signal);
  // First, or whoever notices would start what is stopped.
  await forgetRuntime(clusterFolder(folders, name));
  if (!found.containers.some(isUp) && found.tasks.length === 0) return false;
  const phases = new Phases(watch.progress);
  await whileGoingDown(name, folders, () =>
    phases.run('Stop', async (phase) => {
      await stopParts(engine, found, phase);
      const ran = found.containers.filter(isUp).length;
      return { detail: `${count(ran, 'container')} stopped; what they have stored stays`, value: undefined };
    }),
  );
  return true;
}

/** `found`: as it was a moment ago; what ended meanwhile is no matter. */
export async function stopParts(engine: DockerEngine, found: FoundCluster, phase?: Phase): Promise<void> {
  for (const group of stopOrder(found.containers.filter(isUp))) {
    const left = new Set(group.map(({ part }) => part));
    const tell = (): void => phase?.update(`waiting for ${[...left].join(', ')}`);
    tell();
    await together(
      group.map(async (each) => {
        await stopContainer(engine.docker.getContainer(each.id));
        left.delete(each.part);
        if (left.size > 0) tell();
      }),
    );
  }
  // Agents end the containers of their tasks; what a killed agent left is nobody's any more.
  await removeTasks(engine, found.name);
}

/** Removes the containers of a cluster's tasks; by label, so that those of nobody else are touched. */
export async function removeTasks(engine: DockerEngine, name: string): Promise<void> {
  const { tasks } = await findInDocker(engine, name, new AbortController().signal);
  await together(tasks.map((task) => forceRemove(engine.docker.getContainer(task.id))));
}

/** Kills all at once, for a person who will not wait. */
export async function killParts(engine: DockerEngine, name: string, folders: UserFolders): Promise<void> {
  await forgetRuntime(clusterFolder(folders, name));
  const found = await findInDocker(engine, name, new AbortController().signal);
  await together(
    found.containers.filter(isUp).map(async ({ id }) => {
      try {
        await engine.docker.getContainer(id).kill();
      } catch (error) {
        const status = statusOf(error);
        // It ended by itself meanwhile, or waits to be started again: then stopping it keeps Docker from that.
        if (status === 409) await stopContainer(engine.docker.getContainer(id));
        else if (status !== 404) throw error;
      }
    }),
  );
  await removeTasks(engine, name);
}
