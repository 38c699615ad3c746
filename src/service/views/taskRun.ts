import type { TaskRun } from '../../api/people.ts';
import type { TaskRecord } from '../../framework/types.ts';

/** A request as people see it: the framework's record with Airflow's own word, where it is known. */
export function taskRunOf(task: TaskRecord, airflowState: string | null): TaskRun {
  return {
    id: task.id,
    key: task.key,
    state: task.state,
    airflow_state: airflowState,
    mesos_task_id: task.mesos_task_id,
    attempt: task.attempt,
    agent_id: task.agent_id,
    agent: task.agent,
    resources: task.resources,
    waits: task.waits,
    info: task.info,
    queued: task.queued,
    launched: task.launched,
    started: task.started,
    ended: task.ended,
  };
}
