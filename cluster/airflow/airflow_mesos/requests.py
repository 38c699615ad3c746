"""From Airflow's workload to the framework's task request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from airflow_mesos.needs import needs_of

if TYPE_CHECKING:
    from airflow.executors.workloads import ExecuteTask
    from airflow.models.taskinstancekey import TaskInstanceKey

#: A batch holds no more tasks and, as JSON, no more bytes than this; the service takes 1 MiB.
_MOST_TASKS = 200
_MOST_BYTES = 512 * 1024


@dataclass(frozen=True)
class Request:
    """A task request and the key it is for. `body` holds the task's token and is never shown."""

    id: str
    key: TaskInstanceKey
    body: dict[str, Any] = field(repr=False)


def request_of(workload: ExecuteTask, id_: str, defaults: dict[str, float]) -> Request:
    """
    Make the request that has a workload run; ExecutorConfigError if its executor_config is wrong.

    executor_config and the external executor id are not part of the workload's JSON: they travel beside it.
    """
    ti = workload.ti
    needs = needs_of(ti.executor_config)
    resources = defaults | needs.pop("resources", {})
    body: dict[str, Any] = {
        "id": id_,
        "key": {
            "dag_id": ti.dag_id,
            "run_id": ti.run_id,
            "task_id": ti.task_id,
            "map_index": ti.map_index,
            "try_number": ti.try_number,
        },
        "workload": workload.model_dump(mode="json"),
        "priority": ti.priority_weight,
        "queue": ti.queue,
        **needs,
    }
    if resources:
        body["resources"] = resources
    return Request(id_, ti.key, body)


def batches(requests: Sequence[Request]) -> Iterator[list[Request]]:
    """Split into batches that the service takes, in order."""
    batch: list[Request] = []
    size = 0
    for request in requests:
        bytes_ = len(json.dumps(request.body))
        if batch and (len(batch) >= _MOST_TASKS or size + bytes_ > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(request)
        size += bytes_
    if batch:
        yield batch
