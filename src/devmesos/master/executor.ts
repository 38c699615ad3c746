import type { ExecutorInfo, Id } from '../../mesos/types.ts';
import { Resources } from '../resources.ts';

/** As its agent is given it. */
export type RegisteredExecutorInfo = ExecutorInfo & { framework_id: Id };

/** A custom executor that lives on an agent, or is being started there. */
export class Executor {
  readonly info: RegisteredExecutorInfo;
  readonly agentId: string;
  /** What it holds of its agent while it lives, tasks apart; not allocated to a role. */
  readonly resources: Resources;
  /** Whose share that is. */
  readonly role: string;

  constructor(info: RegisteredExecutorInfo, agentId: string) {
    this.info = info;
    this.agentId = agentId;
    this.resources = Resources.of(info.resources).allocatedTo(undefined);
    this.role = info.resources?.[0]?.allocation_info?.role ?? '*';
  }

  get id(): string {
    return this.info.executor_id.value;
  }

  get frameworkId(): string {
    return this.info.framework_id.value;
  }
}
