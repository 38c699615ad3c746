"""Workloads as Airflow's scheduler makes them."""

from __future__ import annotations

import uuid
from typing import Any

from airflow.executors.workloads import ExecuteTask
from airflow.executors.workloads.base import BundleInfo
from airflow.executors.workloads.task import TaskInstanceDTO

TOKEN = "eyJ-the-token-of-the-task"


def workload(
    task_id: str = "read",
    *,
    dag_id: str = "weather",
    run_id: str = "manual__2026",
    try_number: int = 1,
    map_index: int = -1,
    priority: int = 1,
    external_id: str | None = "",
    config: dict[str, Any] | None = None,
) -> ExecuteTask:
    """Make a workload; `external_id` is pre-assigned unless given."""
    ti = TaskInstanceDTO(
        id=uuid.uuid4(),
        task_id=task_id,
        dag_id=dag_id,
        run_id=run_id,
        try_number=try_number,
        map_index=map_index,
        dag_version_id=uuid.uuid4(),
        pool_slots=1,
        priority_weight=priority,
        queue="default",
        executor_config=config,
        external_executor_id=str(uuid.uuid4()) if external_id == "" else external_id,
    )
    return ExecuteTask(
        ti=ti,
        dag_rel_path="weather.py",
        token=TOKEN,
        log_path=f"dag_id={dag_id}/run_id={run_id}/task_id={task_id}/attempt={try_number}.log",
        bundle_info=BundleInfo(name="dags-folder"),
    )
