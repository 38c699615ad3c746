"""
Task logs in Airflow's UI, read from the sandboxes on Mesos.

For the api-server's environment only: [logging] logging_config_class = airflow_mesos.logs.LOGGING_CONFIG. Airflow then
finds REMOTE_TASK_LOG beside it and asks it first, whatever state a task is in; [logging] remote_logging stays off.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.config_templates.airflow_local_settings import DEFAULT_LOGGING_CONFIG
from airflow.configuration import conf
from airflow.utils.state import State

from airflow_mesos.client import DeploymentClient
from airflow_mesos.errors import SettingError
from airflow_mesos.settings import settings_from
from airflow_mesos.tasklog import stream_log

if TYPE_CHECKING:
    from airflow.sdk.types import RuntimeTaskInstanceProtocol
    from structlog.typing import Processor


class MesosTaskLog:
    """Airflow's interface to logs kept elsewhere (RemoteLogIO), for reading only: a sandbox keeps what was written."""

    processors: tuple[Processor, ...] = ()

    def __init__(self) -> None:
        self._client: DeploymentClient | None = None

    def upload(self, path: os.PathLike[str] | str, ti: RuntimeTaskInstanceProtocol | None = None) -> None:
        """Do nothing: the file is where it will be read."""

    def read(self, relative_path: str, ti: RuntimeTaskInstanceProtocol) -> tuple[list[str], list[str]]:
        """Give the whole log as text."""
        sources, streams = self.stream(relative_path, ti)
        return sources, ["\n".join(stream) for stream in streams]

    def stream(
        self, relative_path: str, ti: RuntimeTaskInstanceProtocol
    ) -> tuple[list[str], list[Iterator[str]]]:
        """Give the log line by line. Nothing is raised: what is the matter can be read in place of the log."""
        try:
            if self._client is None:
                self._client = settings_from(conf).client()
        except SettingError as error:
            sources: list[str] = []
            streams: list[Iterator[str]] = [iter([str(error)])]
        else:
            sources, streams = stream_log(self._client, relative_path)
        if getattr(ti, "state", None) not in State.unfinished:
            # For a finished task Airflow looks no further, and what the triggerer wrote lies here.
            for path in _triggerer_logs(relative_path):
                sources.append(str(path))
                streams.append(_file_lines(path))
        return sources, [_generator(stream) for stream in streams]


def _triggerer_logs(relative_path: str) -> list[Path]:
    path = Path(conf.get_mandatory_value("logging", "base_log_folder")).expanduser() / relative_path
    try:
        return sorted(path.parent.glob(f"{_literal(path.name)}.trigger*"))
    except OSError:
        return []


def _literal(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _file_lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                yield line.rstrip("\n")
    except OSError as error:
        yield f"{path} could not be read: {error.strerror}"


def _generator(lines: Iterator[str]) -> Iterator[str]:
    # Airflow tells streams from text by their type: they must be generators.
    yield from lines


LOGGING_CONFIG: dict[str, Any] = copy.deepcopy(DEFAULT_LOGGING_CONFIG)
REMOTE_TASK_LOG = MesosTaskLog()
