import type { ClusterState } from '../../src/extension/cluster/state.ts';
import { FakeService } from '../vscode/support/fakeService.ts';

/** A service whose cluster is as a test has it, found below an editor's home. Ends with `stop`. */
export async function fakeCluster(home: string, name: string, state: ClusterState): Promise<FakeService> {
  // Where a service is looked for is said by the environment, to ours as to the editor's.
  process.env.MESOS_AIRFLOW_HOME = home;
  const service = new FakeService(name);
  await service.start();
  service.tell({ type: 'cluster', cluster: { ...state.cluster, name } });
  service.tell({ type: 'agents', agents: [...(state.agents ?? [])] });
  service.tell({ type: 'frameworks', frameworks: [...(state.frameworks ?? [])] });
  if (state.offers) service.tell({ type: 'offers', offers: state.offers });
  for (const task of state.tasks?.values() ?? []) service.tell({ type: 'task', task });
  const { tasks = [], total = 0 } = state.mesosTasks ?? {};
  service.page('mesos-tasks', { type: 'mesosTasks', tasks: [...tasks], total });
  return service;
}
