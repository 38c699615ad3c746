"""The one place that knows how BaseExecutor keeps the workloads which wait for their turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow.executors.base_executor import BaseExecutor
    from airflow.executors.workloads import ExecuteTask
    from airflow.models.taskinstancekey import TaskInstanceKey


class QueuedTasks:
    """
    The waiting tasks of an executor.

    Airflow 3.3 keeps them in `queued_tasks`, by key. Airflow 3.4 is announced to keep them in
    `executor_queues[WorkloadType.EXECUTE_TASK]`, by the task instance's UUID: then only this class changes.
    """

    def __init__(self, executor: BaseExecutor) -> None:
        self._executor = executor

    def take(self, key: TaskInstanceKey) -> ExecuteTask | None:
        """Remove the task of this key and give it; None if none waits."""
        return self._executor.queued_tasks.pop(key, None)

    def id_of(self, key: TaskInstanceKey) -> str | None:
        """Give the external executor id of the task that waits under this key; None if none waits."""
        waiting = self._executor.queued_tasks.get(key)
        return waiting.ti.external_executor_id if waiting else None

    def __contains__(self, key: TaskInstanceKey) -> bool:
        """Say whether a task waits under this key."""
        return key in self._executor.queued_tasks
