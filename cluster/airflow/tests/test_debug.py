from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from debugger import LIMIT, Debugger

from airflow_mesos import debug

HERE = Path(__file__).parent
DAG = HERE / "dags" / "debugged.py"
BREAKPOINT = next(
    number for number, line in enumerate(DAG.read_text().splitlines(), 1) if "a breakpoint" in line
)
RUN = {
    "dag_id": "debugged",
    "run_id": "manual__1",
    "logical_date": "2026-11-24T00:00:00Z",
    "data_interval_start": None,
    "data_interval_end": None,
    "run_after": "2026-11-24T00:00:00Z",
    "start_date": "2026-11-24T00:00:01Z",
    "end_date": None,
    "run_type": "manual",
    "state": "success",
    "conf": {"wie": "süß"},
    "consumed_asset_events": [],
    "partition_key": None,
}


class Copy:
    """A debug copy's process in a sandbox of its own, with no more around it than Mesos gives."""

    def __init__(self, service, sandbox, task_id, patience):
        self.sandbox = sandbox
        key = {"dag_id": "debugged", "run_id": "manual__1", "task_id": task_id, "map_index": -1}
        order = {
            "key": key | {"try_number": 1},
            "run": RUN,
            "dag_rel_path": "debugged.py",
            "bundle": "dags-folder",
            "max_tries": 0,
            "patience": patience,
        }
        service.tickets["ticket-1"] = {"workload": order, "env": {"VON_DOTENV": "geheim"}}
        environment = {
            "PATH": os.environ["PATH"],
            "MESOS_SANDBOX": str(sandbox),
            "PYTHONPATH": os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")]),
            "PYTHONUNBUFFERED": "1",
            "MESOS_AIRFLOW_URL": service.url,
            "MESOS_AIRFLOW_TICKET": "ticket-1",
            "AIRFLOW__CORE__DAGS_FOLDER": str(HERE / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        }
        with (sandbox / "stdout").open("wb") as out, (sandbox / "stderr").open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "airflow_mesos.debug"],
                # As in a Docker container, where a task begins in the image's own folder.
                cwd=sandbox.parent,
                env=environment,
                stdout=out,
                stderr=err,
            )

    def end(self):
        return self.process.wait(LIMIT)

    @property
    def told(self):
        return "".join((self.sandbox / name).read_text() for name in ("stdout", "stderr"))


@pytest.fixture
def reads(service):
    """Give what the service was asked to read of Airflow for a copy."""
    asked = []

    def answer(call):
        if not call.path.endswith("/attempts/read"):
            return None
        asked.append(call.body)
        if "xcom" in call.body:
            return 200, {"xcoms": [{"map_index": -1, "value": [1, 2, 3]}]}
        return 200, {"variable": "blue"}

    service.answer = answer
    return asked


@pytest.fixture
def copy_of(service, reads, tmp_path):
    started = []

    def start(task_id, patience=LIMIT):
        started.append(Copy(service, tmp_path, task_id, patience))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()


@pytest.fixture
def debugger(tmp_path):
    made = []

    def come_in():
        made.append(Debugger(tmp_path))
        return made[-1]

    yield come_in
    for each in made:
        each.close()


def test_a_copy_stops_at_a_breakpoint_and_keeps_all_to_itself(service, reads, copy_of, debugger):
    copy = copy_of("add")
    editor = debugger()
    editor.attach({DAG: [BREAKPOINT]})
    stopped = editor.event("stopped")
    assert stopped["reason"] == "breakpoint"
    [frame, *_] = editor.answer("stackTrace", threadId=stopped["threadId"])["stackFrames"]
    assert (frame["line"], frame["source"]["path"]) == (BREAKPOINT, str(DAG))
    # Of the run's own XCom, by the service.
    total = editor.answer("evaluate", expression="total", frameId=frame["id"])
    assert total["result"] == "6"
    editor.answer("continue", threadId=stopped["threadId"])
    editor.event("terminated")
    editor.answer("disconnect")
    assert copy.end() == 0, copy.told
    told = copy.told
    assert "the total is 6" in told
    assert "half is 3.0" in told
    assert "conf {'wie': 'süß'} colour blue" in told
    assert "The copy has ended: success." in told
    # It asked for what it read, and told nobody what it did.
    assert {call.path for call in service.calls} == {"/v1/tickets/redeem", "/v1/attempts/read"}
    assert {"variable": "colour"}.items() <= reads[-1].items()
    assert not [path for path in copy.sandbox.rglob("*.db") if path.stat().st_size > 0]
    for path in copy.sandbox.rglob("*"):
        if path.is_file():
            assert b"geheim" not in path.read_bytes(), path


def test_a_task_that_fails_ends_the_copy_well(copy_of, debugger):
    copy = copy_of("fail")
    editor = debugger()
    editor.attach({})
    editor.event("terminated")
    assert copy.end() == 0, copy.told
    assert "kaputt" in copy.told
    assert "The copy has ended: failed." in copy.told


def test_a_task_that_defers_itself_goes_on_here(copy_of, debugger):
    copy = copy_of("patient")
    editor = debugger()
    editor.attach({})
    editor.event("terminated")
    assert copy.end() == 0, copy.told
    assert "its trigger runs here" in copy.told
    assert "went on with" in copy.told
    assert "The copy has ended: success." in copy.told


def test_a_copy_that_nobody_attaches_to_ends_by_itself(copy_of):
    copy = copy_of("add", patience=0.5)
    assert copy.end() == 75
    assert "No debugger attached within" in copy.told


def test_a_copy_ends_with_its_debugger(copy_of, debugger):
    copy = copy_of("add")
    editor = debugger()
    editor.attach({DAG: [BREAKPOINT]})
    editor.event("stopped")
    # As where an editor dies.
    editor.close()
    assert copy.end() == 0, copy.told
    assert "The debugger has left" in copy.told


def test_the_way_in_is_the_users_alone_and_for_one(copy_of, debugger):
    copy = copy_of("add")
    until = time.monotonic() + LIMIT
    place = copy.sandbox / "debug" / "socket"
    while not place.exists() or "waits" not in copy.told:
        assert time.monotonic() < until, copy.told
        time.sleep(0.05)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    debugger().answer("initialize", adapterID="debugpy")
    assert not place.exists()


def test_a_task_that_the_file_no_longer_has(copy_of, debugger):
    copy = copy_of("gone")
    debugger().attach({})
    assert copy.end() == 70
    assert "The task is not in debugged.py as it is now." in copy.told


def test_an_attach_means_the_copy_wherever_the_editor_thinks_that_it_is():
    asked = {
        "type": "request",
        "command": "attach",
        "arguments": {"connect": {"port": 1}, "justMyCode": True, "processId": 1},
    }
    arguments = debug.as_asked(asked)["arguments"]
    assert arguments == {
        "request": "attach",
        "justMyCode": True,
        "listen": {"host": "127.0.0.1", "port": 0},
        "subProcess": False,
    }
    other = {"type": "request", "command": "next", "arguments": {"threadId": 1}}
    assert debug.as_asked(other) == other
