"""An Airflow of the tests' own: a fresh home, no database but an unused SQLite file."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Before anything imports Airflow.
_HOME = tempfile.TemporaryDirectory(prefix="airflow-mesos-tests-")
os.environ.update(
    {
        "AIRFLOW_HOME": _HOME.name,
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "AIRFLOW__CORE__EXECUTOR": "airflow_mesos.executor.MesosExecutor",
        "AIRFLOW__CORE__DAGS_FOLDER": str(Path(__file__).parents[1] / "dags"),
        "AIRFLOW__API_AUTH__JWT_SECRET": "for-the-tests-only-0123456789abcdef",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{_HOME.name}/airflow.db",
    }
)
for _name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
    # A proxy that nobody answers: calls to loopback must not notice.
    os.environ[_name] = "http://127.0.0.1:9"
os.environ.pop("no_proxy", None)
os.environ.pop("NO_PROXY", None)

from service import Service, serving  # noqa: E402


def pytest_sessionfinish() -> None:
    _HOME.cleanup()


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as service:
        yield service


@pytest.fixture
def until() -> Callable[..., None]:
    def until(condition: Callable[[], object], what: str, limit: float = 10.0) -> None:
        end = time.monotonic() + limit
        while not condition():
            assert time.monotonic() < end, f"not within {limit} s: {what}"
            time.sleep(0.01)

    return until
