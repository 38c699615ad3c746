import { mesosPrincipal, type ClusterSpec } from '../api/cluster.ts';
import type { Authorization } from '../mesos/authorization.ts';
import { OperatorClient } from '../mesos/operator.ts';
import type { LeadingMaster } from '../mesos/operatorTypes.ts';
import { SchedulerClient } from '../mesos/scheduler.ts';
import type { FrameworkInfo } from '../mesos/types.ts';
import type { MasterSource } from './mesosWatch.ts';

/** How long Mesos keeps our tasks without us: a service that is down over a holiday finds them again. Seconds. */
const failoverTimeout = 14 * 24 * 3600;

/** Makes the connection of a framework, new (null) or known, to the master at `url`. */
export function schedulerFor(
  spec: ClusterSpec,
  master: string,
  airflowUrl: string,
  authorization: Authorization,
): (frameworkId: string | null) => SchedulerClient {
  return (frameworkId) => {
    const frameworkInfo: FrameworkInfo = {
      user: spec.framework.user,
      name: spec.framework.name,
      principal: mesosPrincipal,
      ...(frameworkId === null ? {} : { id: { value: frameworkId } }),
      roles: [spec.framework.role],
      failover_timeout: failoverTimeout,
      // Tasks outlive the agent's own restart.
      checkpoint: true,
      webui_url: airflowUrl,
      capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'TASK_KILLING_STATE' }],
    };
    // The master is on this machine, and started again at once where it dies: it is worth asking often.
    return new SchedulerClient({
      masters: [master],
      frameworkInfo,
      authorization,
      backoff: { maxMs: 2_000 },
    });
  };
}

/** The lists of a master, by its operator API. */
export class MasterLists implements MasterSource {
  readonly #client: OperatorClient;

  constructor(master: string, authorization: Authorization) {
    this.#client = new OperatorClient({ address: master, authorization, answerMs: 5000 });
  }

  async agents(): ReturnType<MasterSource['agents']> {
    return (await this.#client.getAgents()).agents ?? [];
  }

  async frameworks(): ReturnType<MasterSource['frameworks']> {
    return (await this.#client.getFrameworks()).frameworks ?? [];
  }

  async tasks(): ReturnType<MasterSource['tasks']> {
    // The master sets those aside whose agents it cannot reach; they are not over.
    const { tasks = [], unreachable_tasks = [] } = await this.#client.getTasks();
    return [...tasks, ...unreachable_tasks];
  }

  leader(): Promise<LeadingMaster> {
    return this.#client.getMaster();
  }

  close(): void {
    this.#client.close();
  }
}
