import type { Task, TaskState, TaskStatus } from '../../mesos/types.ts';
import { Resources } from '../resources.ts';
import { keepStatus, noteSent } from '../taskView.ts';

/** A task as the master knows it. */
export class MasterTask {
  /** As state endpoints show it. */
  readonly view: Task;
  /** What it holds of its agent, not allocated to a role; given back when it ends. */
  readonly resources: Resources;
  /** Whether `resources` are back with the agent. */
  released = false;
  /** When its agent became unreachable: milliseconds since the epoch. */
  unreachableTime: number | undefined;

  constructor(view: Task) {
    this.view = view;
    this.resources = Resources.of(view.resources).allocatedTo(undefined);
  }

  get id(): string {
    return this.view.task_id.value;
  }

  get agentId(): string {
    return this.view.agent_id.value;
  }

  get frameworkId(): string {
    return this.view.framework_id.value;
  }

  /** What the scheduler was told last, or, before it was told anything, what we know. */
  get reportedState(): TaskState {
    return this.view.status_update_state ?? this.view.state;
  }

  /** Keeps a status that was sent to the scheduler. */
  record(status: TaskStatus, latestState: TaskState): void {
    this.view.state = latestState;
    keepStatus(this.view, status);
    noteSent(this.view, status);
  }
}
