from __future__ import annotations

import gc
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from execution_api import execution_api
from workload import TOKEN, workload

from airflow_mesos import task

HERE = Path(__file__).parent
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING|ERROR|CRITICAL) +\S+ .*")


@pytest.fixture
def api():
    with execution_api() as api:
        yield api


class Launched:
    """A task's first process in a sandbox of its own, with no more around it than Mesos gives."""

    def __init__(self, service, api, sandbox, task_id, env, *, variables=None):
        self.sandbox = sandbox
        self.item = workload(task_id, dag_id="größen", run_id="manual__süß")
        data = self.item.model_dump(mode="json") | {"dag_rel_path": "groessen.py"}
        service.tickets["ticket-1"] = {"workload": data, "env": variables or {}}
        self.service = service
        environment = {
            "PATH": os.environ["PATH"],
            "MESOS_SANDBOX": str(sandbox),
            "MESOS_TASK_ID": "x.1",
            "PYTHONPATH": str(HERE.parent),
            "MESOS_AIRFLOW_URL": service.url,
            "MESOS_AIRFLOW_TICKET": "ticket-1",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": api.url,
            "AIRFLOW__CORE__DAGS_FOLDER": str(HERE / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
            "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "1",
        } | env
        environment = {name: value for name, value in environment.items() if value is not None}
        with (sandbox / "stdout").open("wb") as out, (sandbox / "stderr").open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "airflow_mesos.task"],
                cwd=sandbox,
                env=environment,
                stdout=out,
                stderr=err,
            )

    def end(self, limit=60):
        return self.process.wait(limit)

    @property
    def stdout(self):
        return (self.sandbox / "stdout").read_text(encoding="utf-8")

    @property
    def stderr(self):
        return (self.sandbox / "stderr").read_text(encoding="utf-8")

    @property
    def receipt(self):
        [(_ticket, receipt)] = self.service.redeemed
        return receipt

    @property
    def log(self):
        return (self.sandbox / "logs" / self.item.log_path).read_text(encoding="utf-8")


@pytest.fixture
def launch(service, api, tmp_path):
    launched = []

    def launch(task_id="grüßen", *, variables=None, **env):
        process = Launched(service, api, tmp_path, task_id, env, variables=variables)
        launched.append(process)
        return process

    yield launch
    for each in launched:
        each.process.kill()
        each.process.wait()


def test_a_task_from_ticket_to_success(service, api, launch):
    launched = launch(
        variables={"VON_DOTENV": "süß", "AIRFLOW_HOME": "/elsewhere", "HTTP_PROXY": "http://127.0.0.1:9"}
    )
    assert launched.end() == task.Exit.DONE, launched.stderr
    assert api.states == ["success"]
    assert f"Bearer {TOKEN}" in api.tokens
    assert not service.tickets
    assert not service.outcomes
    out = launched.stdout
    assert all(LINE.fullmatch(line) for line in out.splitlines()), out
    assert "INFO     task.stdout Grüße aus dem Sandkasten: 日本 ✓" in out
    assert "ERROR    task.stderr nach stderr: größer" in out
    assert "WARNING  mein.logger Maß süß" in out
    assert "\x1b" not in out
    assert "::" not in out
    assert "'VON_DOTENV': 'süß'" in out
    assert f"'AIRFLOW_HOME': '{launched.sandbox}/airflow'" in out
    assert "'HOME': '/" in out
    # Neither ticket nor address is left for the task's own code.
    assert "mesos ['MESOS_SANDBOX', 'MESOS_TASK_ID']" in out
    # What Airflow's UI reads is JSON still.
    events = [json.loads(line) for line in launched.log.splitlines()]
    assert any(event["event"] == "Grüße aus dem Sandkasten: 日本 ✓" for event in events)
    assert not launched.stderr
    # The agent serves every file of the sandbox.
    files = [path for path in launched.sandbox.rglob("*") if path.is_file()]
    assert len(files) >= 4
    for path in files:
        content = path.read_bytes()
        for secret in (TOKEN, "ticket-1", launched.receipt, "geheim-aus-dotenv"):
            assert secret.encode() not in content, path


def test_a_task_whose_workload_was_lost_on_the_way_asks_again(service, api, launch):
    # As if the service died between writing down that the ticket is redeemed and answering.
    def lose_the_first(call):
        if call.path.endswith("/redeem") and len(service.paths("/redeem")) == 1:
            assert service.redeem(call.body["ticket"], call.body["receipt"])[0] == 200
            return 0, None
        return None

    service.answer = lose_the_first
    launched = launch()
    assert launched.end() == task.Exit.DONE, launched.stderr
    assert api.states == ["success"]
    assert len(service.paths("/redeem")) == 2
    assert service.redeem("ticket-1", "x" * 43)[0] == 409


def test_a_task_that_fails_leaves_its_traceback_to_read(api, launch):
    launched = launch("fail")
    assert launched.end() == task.Exit.DONE
    assert api.states == ["failed"]
    out = launched.stdout
    assert "ValueError: invalid literal for int() with base 10: 'zwölf'\n" in out
    assert "The above exception was the direct cause of the following exception:" in out
    assert '    raise RuntimeError("kaputt: ä") from error\nRuntimeError: kaputt: ä\n' in out
    assert out.index("ValueError") < out.index("RuntimeError: kaputt")


def test_text_is_unharmed_where_the_locale_is_not_utf8(api, launch):
    launched = launch(LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert launched.end() == task.Exit.DONE, launched.stderr
    assert "task.stdout Grüße aus dem Sandkasten: 日本 ✓" in launched.stdout
    assert "Grüße aus dem Sandkasten: 日本 ✓" in launched.log


def test_a_kill_reaches_the_tasks_on_kill(api, launch, until):
    launched = launch("sleep")
    until(lambda: "asleep" in launched.stdout, "the task sleeps", 60)
    launched.process.send_signal(signal.SIGTERM)
    assert launched.end() == task.Exit.DONE
    assert launched.stdout.count("on_kill was called") == 1
    assert "SIGINT" not in launched.stdout


def test_a_task_that_does_not_heed_a_kill_is_ended_while_airflow_is_told(api, launch, until):
    launched = launch("deaf")
    until(lambda: "asleep" in launched.stdout, "the task sleeps", 60)
    launched.process.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    assert launched.end() == task.Exit.DONE
    assert 4 < time.monotonic() - begun < 15
    assert api.states == ["failed"]
    assert "It is sent SIGINT" in launched.stdout
    assert "terminated by signal" in launched.log


def test_a_task_that_runs_elsewhere_is_superseded(service, api, launch):
    api.refuse_run = (
        409,
        {"detail": {"reason": "invalid_state", "previous_state": "running", "message": "no"}},
    )
    # What is said must not get lost, though the service is away for a moment.
    failures = iter([(503, None), (0, None)])
    service.answer = lambda call: next(failures, None) if call.path.endswith("/outcome") else None
    launched = launch()
    assert launched.end() == task.Exit.DONE
    assert service.outcomes == [{"receipt": launched.receipt, "outcome": "superseded"}]
    assert "runs elsewhere" in launched.stdout
    assert not api.states


@pytest.mark.parametrize(
    "refusal",
    [
        (
            409,
            {"detail": {"reason": "invalid_state", "previous_state": "failed", "message": "TI was failed"}},
        ),
        (404, {"detail": {"reason": "not_found", "message": "Task Instance not found"}}),
    ],
)
def test_a_task_that_airflow_wants_no_more_is_superseded(service, api, launch, refusal):
    api.refuse_run = refusal
    launched = launch()
    assert launched.end() == task.Exit.DONE
    assert service.outcomes == [{"receipt": launched.receipt, "outcome": "superseded"}]
    assert refusal[1]["detail"]["message"] in launched.stdout


def test_a_dead_token_is_explained(api, launch):
    api.refuse_run = 403, {"detail": "Token expired"}
    launched = launch()
    assert launched.end() == task.Exit.REFUSED
    assert "Token expired" in launched.stderr
    assert "task_queued_timeout" in launched.stderr
    assert TOKEN not in launched.stderr


def test_an_execution_api_that_cannot_be_reached_is_named(monkeypatch):
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "http://10.0.0.9:8080/execution/")
    error = task._reason_of(httpx.ConnectError("[Errno 111] Connection refused"))
    assert error.status == task.Exit.NO_EXECUTION_API
    assert "http://10.0.0.9:8080/execution/" in str(error)


def test_a_workload_of_another_version_is_explained_without_being_shown():
    data = workload().model_dump(mode="json") | {"ti": {"surprise": TOKEN}}
    with pytest.raises(task.TaskEndError) as end:
        task._run(data)
    gc.enable()
    assert end.value.status == task.Exit.BAD_WORKLOAD
    assert "ti.dag_id" in str(end.value)
    assert TOKEN not in str(end.value)


class TestWithoutAirflow:
    """What ends before Airflow is imported, in this process."""

    @pytest.fixture(autouse=True)
    def _keep_signals(self):
        handler = signal.getsignal(signal.SIGTERM)
        yield
        signal.signal(signal.SIGTERM, handler)

    def test_a_used_ticket(self, service, capsys):
        status = task.main({"MESOS_AIRFLOW_URL": service.url, "MESOS_AIRFLOW_TICKET": "ticket-9"})
        assert status == task.Exit.REFUSED
        err = capsys.readouterr().err
        assert "used already" in err
        assert "ticket-9" not in err

    def test_no_service(self, monkeypatch, capsys):
        monkeypatch.setattr(task, "_REDEEM_PATIENCE", 0.5)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
        status = task.main({"MESOS_AIRFLOW_URL": url, "MESOS_AIRFLOW_TICKET": "ticket-9"})
        assert status == task.Exit.NO_SERVICE
        assert url in capsys.readouterr().err

    def test_a_service_that_is_being_started_again_is_waited_for(self, service):
        failures = iter([(503, {"error": "Not yet"})] * 2)
        service.answer = lambda _call: next(failures, None)
        status = task.main({"MESOS_AIRFLOW_URL": service.url, "MESOS_AIRFLOW_TICKET": "ticket-9"})
        assert status == task.Exit.REFUSED
        assert len(service.paths("/redeem")) == 3

    @pytest.mark.parametrize(
        ("environ", "word"),
        [
            ({}, "MESOS_AIRFLOW_URL"),
            ({"MESOS_AIRFLOW_URL": "http://x"}, "MESOS_AIRFLOW_TICKET"),
            ({"MESOS_AIRFLOW_URL": "x", "MESOS_AIRFLOW_TICKET": "t"}, "http://HOST:PORT"),
        ],
    )
    def test_an_incomplete_environment(self, capsys, environ, word):
        assert task.main(environ) == task.Exit.BAD_ENVIRONMENT
        assert word in capsys.readouterr().err

    def test_airflow_is_not_imported_before_the_ticket_is_redeemed(self):
        code = (
            "import airflow_mesos.task, sys; print([m for m in sys.modules if m.split('.')[0] == 'airflow'])"
        )
        answer = subprocess.run(
            [sys.executable, "-c", code], cwd=HERE.parent, capture_output=True, text=True, check=True
        )
        assert answer.stdout.strip() == "[]"


def test_told_to_end_before_it_had_begun(service, launch, until):
    service.answer = lambda _call: (503, None)
    launched = launch()
    until(lambda: service.calls, "it asks for its workload")
    launched.process.send_signal(signal.SIGTERM)
    assert launched.end() == task.Exit.TERMINATED
    assert "SIGTERM" in launched.stderr
