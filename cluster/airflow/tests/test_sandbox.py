from __future__ import annotations

import os
import sys

import pytest

from airflow_mesos import task
from airflow_mesos.sandbox import furnish


@pytest.fixture(autouse=True)
def _keep_path(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))


def test_folders_and_variables(tmp_path):
    environ = {"MESOS_SANDBOX": str(tmp_path), "PYTHONPATH": "/ours"}
    assert furnish(environ, {"TOKEN_DES_WETTERS": "süß"}) == tmp_path / "logs"
    assert environ["AIRFLOW_HOME"] == str(tmp_path / "airflow")
    assert environ["AIRFLOW__LOGGING__BASE_LOG_FOLDER"] == str(tmp_path / "logs")
    assert environ["TOKEN_DES_WETTERS"] == "süß"
    assert environ["HOME"]
    assert "PYTHONPATH" not in environ
    # Without it Airflow would write its whole default configuration there, a key in it.
    assert (tmp_path / "airflow" / "airflow.cfg").read_bytes() == b""


def test_the_workspace_may_not_move_what_the_service_relies_on(tmp_path):
    environ = {
        "MESOS_SANDBOX": str(tmp_path),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": "http://127.0.0.1:8080/execution/",
        "HOME": "/home/eva",
    }
    ours = dict(environ)
    variables = dict.fromkeys(
        ["AIRFLOW_HOME", "AIRFLOW_CONFIG", "AIRFLOW__LOGGING__BASE_LOG_FOLDER", *ours, "MESOS_TASK_ID"], "x"
    )
    furnish(environ, variables | {"AIRFLOW__CORE__LOAD_EXAMPLES": "True"})
    assert environ.items() >= (ours | {"HOME": "x", "AIRFLOW__CORE__LOAD_EXAMPLES": "True"}).items()
    assert environ["AIRFLOW_HOME"] == str(tmp_path / "airflow")
    assert environ["AIRFLOW__LOGGING__BASE_LOG_FOLDER"] == str(tmp_path / "logs")
    assert "AIRFLOW_CONFIG" not in environ
    assert "MESOS_TASK_ID" not in environ


def test_a_python_path_of_the_workspace_counts(tmp_path):
    environ = {"MESOS_SANDBOX": str(tmp_path)}
    furnish(environ, {"PYTHONPATH": f"/one{os.pathsep}/two"})
    assert sys.path[1:3] == ["/one", "/two"]
    assert environ["PYTHONPATH"] == f"/one{os.pathsep}/two"


def test_loopback_is_spared_the_proxy(tmp_path):
    environ = {"MESOS_SANDBOX": str(tmp_path), "no_proxy": "intern.example"}
    furnish(environ, {"HTTPS_PROXY": "http://proxy.example:3128"})
    assert environ["NO_PROXY"] == environ["no_proxy"] == "intern.example,localhost,127.0.0.1,::1"


def test_without_a_proxy_nothing_is_spared(tmp_path):
    environ = {"MESOS_SANDBOX": str(tmp_path)}
    furnish(environ, {})
    assert "NO_PROXY" not in environ


def test_a_sandbox_that_cannot_be_written(service, tmp_path, capsys):
    (tmp_path / "airflow").write_text("in the way", encoding="utf-8")
    service.tickets["t"] = {"workload": {}, "env": {}, "receipt": "r"}
    environ = {
        "MESOS_SANDBOX": str(tmp_path),
        "MESOS_AIRFLOW_URL": service.url,
        "MESOS_AIRFLOW_TICKET": "t",
    }
    assert task.main(environ) == task.Exit.BAD_ENVIRONMENT
    assert "The sandbox cannot be written" in capsys.readouterr().err
