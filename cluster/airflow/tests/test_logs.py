from __future__ import annotations

import io
import json
import types
from types import SimpleNamespace

import pytest
from airflow.configuration import conf
from airflow.utils.state import TaskInstanceState
from service import DEPLOYMENT

from airflow_mesos import logs
from airflow_mesos.executor import MesosExecutor

PATH = "dag_id=größe/run_id=manual__x/task_id=lesen/attempt=1.log"
DONE = SimpleNamespace(state=TaskInstanceState.SUCCESS, external_executor_id="abc")
RUNNING = SimpleNamespace(state=TaskInstanceState.RUNNING, external_executor_id="abc")


@pytest.fixture
def reader(service, tmp_path, monkeypatch):
    (tmp_path / "token").write_text("right-token", encoding="utf-8")
    monkeypatch.setenv("AIRFLOW__MESOS__URL", service.url)
    monkeypatch.setenv("AIRFLOW__MESOS__TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("AIRFLOW__MESOS__DEPLOYMENT", DEPLOYMENT)
    monkeypatch.setenv("AIRFLOW__LOGGING__BASE_LOG_FOLDER", str(tmp_path / "logs"))
    return logs.MesosTaskLog()


def lines_of(reader, ti=DONE):
    sources, streams = reader.stream(PATH, ti)
    return sources, [line for stream in streams for line in stream]


def test_a_log_as_it_stands_in_the_sandbox(service, reader):
    service.logs[PATH] = '{"event": "Grüße ✓"}\n\n{"event": "zwei"}'
    sources, lines = lines_of(reader)
    assert lines == ['{"event": "Grüße ✓"}', "", '{"event": "zwei"}']
    assert service.url in sources[0]
    assert reader.read(PATH, DONE)[1] == [service.logs[PATH]]


def test_streams_are_generators_as_airflow_asks(service, reader):
    service.logs[PATH] = "x\n"
    assert all(isinstance(stream, types.GeneratorType) for stream in reader.stream(PATH, DONE)[1])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            (404, {"error": "The sandbox is gone", "why": "the agent left"}),
            "The sandbox is gone. the agent left.",
        ),
        ((503, {"error": "Restarting"}), "Restarting"),
        ((401, {"error": "The token is not the right one"}), "not the right one"),
        ((0, None), "does not answer"),
    ],
)
def test_what_is_the_matter_can_be_read_in_place_of_the_log(service, reader, answer, words):
    service.answer = lambda _call: answer
    _, [line] = lines_of(reader)
    assert words in line


def test_a_missing_option_can_be_read_too(reader, monkeypatch):
    monkeypatch.delenv("AIRFLOW__MESOS__URL")
    assert lines_of(reader) == (
        [],
        ["[mesos] url is not set. Set it in airflow.cfg or as AIRFLOW__MESOS__URL."],
    )


def test_a_log_that_breaks_off_keeps_what_was_read(reader, monkeypatch):
    class Broken(io.RawIOBase):
        def __init__(self):
            self.parts = iter([b"first\n"])

        def readable(self):
            return True

        def readinto(self, buffer):
            part = next(self.parts, None)
            if part is None:
                raise ConnectionResetError(104, "Connection reset by peer")
            buffer[: len(part)] = part
            return len(part)

    monkeypatch.setattr(
        "airflow_mesos.client.DeploymentClient.log", lambda *_, **__: io.BufferedReader(Broken())
    )
    _, lines = lines_of(reader)
    assert lines[0] == "first"
    assert "could not be read: Connection reset by peer" in lines[1].replace("[Errno 104] ", "")


def test_what_the_triggerer_wrote_is_shown_with_a_finished_task(service, reader, tmp_path):
    service.logs[PATH] = "from the agent\n"
    trigger = tmp_path / "logs" / f"{PATH}.trigger.7.log"
    trigger.parent.mkdir(parents=True)
    trigger.write_text("vom Auslöser\n", encoding="utf-8")
    sources, lines = lines_of(reader)
    assert lines == ["from the agent", "vom Auslöser"]
    assert str(trigger) in sources
    # While it is unfinished, Airflow reads that file itself.
    assert lines_of(reader, RUNNING)[1] == ["from the agent"]


def test_airflow_finds_the_reader_beside_the_logging_configuration(reader, service, monkeypatch):
    from airflow import logging_config

    monkeypatch.setenv("AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS", "airflow_mesos.logs.LOGGING_CONFIG")
    monkeypatch.setattr(logging_config._ActiveLoggingConfig, "logging_config_loaded", False)
    assert logging_config.get_remote_task_log() is logs.REMOTE_TASK_LOG
    assert not conf.getboolean("logging", "remote_logging")
    # The executor then has nothing to add, and says so, or Airflow would ask the agent for a log server.
    sources, texts = MesosExecutor().get_task_log(RUNNING, 1)
    assert sources == ["Mesos request abc"]
    assert texts == []


def test_without_the_reader_the_executor_reads_the_log(reader, service, monkeypatch):
    from airflow import logging_config
    from airflow.utils.log.file_task_handler import FileTaskHandler

    monkeypatch.setattr(logging_config, "get_remote_task_log", lambda: None)
    monkeypatch.setattr(FileTaskHandler, "_render_filename", lambda *_: PATH)
    service.logs[PATH] = json.dumps({"event": "läuft"}) + "\n"
    sources, texts = MesosExecutor().get_task_log(RUNNING, 1)
    assert PATH in sources[0]
    assert texts == ['{"event": "l\\u00e4uft"}']
