from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from airflow_mesos import container
from airflow_mesos.database import Database, database_url, expected_revisions, wait_for_schema
from airflow_mesos.errors import DatabaseError
from airflow_mesos.health import api_server_lack, component_in


def _file(folder: Path, variables: dict[str, str]) -> Path:
    file = folder / "env.json"
    file.write_text(json.dumps(variables), encoding="utf-8")
    return file


def test_the_persons_variables_are_taken_but_none_of_ours(tmp_path):
    begun: list[dict[str, str]] = []
    ours = {"AIRFLOW__API__PORT": "8080"}
    file = _file(tmp_path, {"AIRFLOW__API__PORT": "1", "PYTHONHASHSEED": "7", "NAME": "Größe"})
    container.adopt_variables(file, ours, begun.append)
    assert len(begun) == 1
    (environ,) = begun
    assert environ.items() >= {"AIRFLOW__API__PORT": "8080", "PYTHONHASHSEED": "7", "NAME": "Größe"}.items()
    # The process that has begun with them does not begin again, and its own processes know nothing of it.
    container.adopt_variables(file, environ, begun.append)
    assert len(begun) == 1
    assert environ == {"AIRFLOW__API__PORT": "8080", "PYTHONHASHSEED": "7", "NAME": "Größe"}


@pytest.mark.parametrize("variables", [None, {}, {"OURS": "theirs"}])
def test_without_variables_nothing_begins_anew(tmp_path, variables):
    file = tmp_path / "env.json" if variables is None else _file(tmp_path, variables)
    container.adopt_variables(file, {"OURS": "ours"}, lambda _: pytest.fail("begun anew"))


def test_a_component_that_finds_no_configuration_says_so_and_ends(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "airflow_mesos.container", "other"],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.environ.get("PYTHONPATH", "") + ":.",
            "AIRFLOW_HOME": str(tmp_path),
        },
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (
        69,
        f"mesos-airflow: There is no configuration at {tmp_path}/airflow.cfg.\n",
    )


def test_the_databases_url_is_read_as_airflow_reads_it(tmp_path, monkeypatch):
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path))
    monkeypatch.delenv("AIRFLOW_CONFIG", raising=False)
    url = "postgresql+psycopg2://airflow:a%%40b@database:5432/airflow"
    (tmp_path / "airflow.cfg").write_text(f"[database]\nsql_alchemy_conn = {url}\n", encoding="utf-8")
    assert database_url() == url.replace("%%", "%")


def test_the_expected_revision_is_the_one_that_alembic_finds():
    from airflow.utils.db import _get_script_object

    assert expected_revisions() == set(_get_script_object().get_heads())


def test_another_database_than_postgresql_is_refused():
    with pytest.raises(DatabaseError, match="not reached by psycopg2, but by sqlite"):
        Database("sqlite:////tmp/airflow.db").schema()


class _Migrated:
    """A database that somebody migrates meanwhile."""

    address = "database:5432"

    def __init__(self, *answers: tuple[frozenset[str], bool] | DatabaseError) -> None:
        self._answers = iter(answers)

    def schema(self) -> tuple[frozenset[str], bool]:
        answer = next(self._answers)
        if isinstance(answer, DatabaseError):
            raise answer
        return answer


def test_the_schema_is_waited_for_until_it_is_whole():
    new, rest = frozenset({"new"}), iter([1])
    answers = [DatabaseError("connection refused"), (frozenset({"old"}), True), (new, False), (new, True)]
    wait_for_schema(_Migrated(*answers), new, lambda _: next(rest))
    assert list(rest) == [1]


def test_waiting_ends_and_says_what_for(monkeypatch):
    monkeypatch.setattr("airflow_mesos.database._SCHEMA_PATIENCE", 0.0)
    with pytest.raises(
        DatabaseError, match="in vain for the api-server to migrate .* database:5432: refused"
    ):
        wait_for_schema(_Migrated(*[DatabaseError("refused")] * 9), frozenset({"new"}), lambda _: None)


@pytest.mark.parametrize(
    ("command", "component"),
    [
        (["python", "-m", "airflow_mesos.container", "scheduler", "--skip-serve-logs"], "scheduler"),
        (["/sbin/docker-init", "--", "python", "-m", "airflow_mesos.container", "api-server"], "api-server"),
        (["python", "-m", "airflow_mesos.task"], None),
        (["/bin/sh"], None),
    ],
)
def test_the_component_is_found_in_the_command_line(command, component):
    assert component_in("\0".join([*command, ""]).encode()) == component


def test_an_api_server_that_does_not_answer_is_not_well():
    # Nobody listens there.
    assert api_server_lack(1).startswith("does not answer: ")
