"""Reading a task's log from its sandbox, in Airflow's api-server; what goes wrong becomes a line to read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING

from airflow_mesos.client import DeploymentClient
from airflow_mesos.errors import ServiceError, ServiceRefusedError

if TYPE_CHECKING:
    from airflow.models.taskinstance import TaskInstance

#: Seconds of silence after which reading is given up.
_TIMEOUT = 15.0


def stream_log(client: DeploymentClient, path: str) -> tuple[list[str], list[Iterator[str]]]:
    """
    Give where a log is from, and its lines as they arrive.

    There is always a stream, if only of one line which says what is the matter: with none, Airflow would go on to ask
    a log server on the agent, which there is not, and show that error instead.
    """
    try:
        response = client.log(path, timeout=_TIMEOUT)
    except ServiceRefusedError as refusal:
        if refusal.status == 404:
            return [], [iter([f"No log of this try on Mesos: {refusal.problem}"])]
        return [], [iter([str(refusal)])]
    except ServiceError as error:
        return [], [iter([str(error)])]
    return [f"Sandbox on Mesos, through {client.url}: {path}"], [_lines(response)]


def executor_log(client: DeploymentClient, ti: TaskInstance, try_number: int) -> tuple[list[str], list[str]]:
    """Give a running task's log to an api-server that has no log reader of ours (logs.py)."""
    from airflow.logging_config import get_remote_task_log  # noqa: PLC0415 - in the api-server only
    from airflow.utils.log.file_task_handler import FileTaskHandler  # noqa: PLC0415

    from airflow_mesos.logs import MesosTaskLog  # noqa: PLC0415

    if isinstance(get_remote_task_log(), MesosTaskLog):
        # It has been read already. Saying so keeps Airflow from asking a log server on the agent.
        return [f"Mesos request {ti.external_executor_id}"], []
    path = FileTaskHandler("")._render_filename(ti, try_number)  # noqa: SLF001 - the only one who knows
    sources, streams = stream_log(client, path)
    return sources or ["Mesos"], ["\n".join(line for stream in streams for line in stream)]


def _lines(response: HTTPResponse) -> Iterator[str]:
    with closing(response):
        try:
            for line in io.TextIOWrapper(response, encoding="utf-8", errors="replace"):
                yield line.rstrip("\n")
        except (OSError, HTTPException) as error:
            yield f"The rest of the log could not be read: {str(error) or type(error).__name__}"
