from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from airflow_mesos.textlog import render


def drawn(**record):
    return render(None, "info", {"timestamp": "2026-11-23T12:00:00.123456Z", "level": "info", **record})


def test_time_level_logger_message_and_the_rest():
    line = drawn(event="Zählt ✓", logger="my.code", count=3, name="zwei Worte", dag_id="x", ti_id="y")
    assert line == "2026-11-23T12:00:00.123Z INFO     my.code Zählt ✓  count=3 name='zwei Worte'"


def test_a_time_of_another_zone():
    moment = datetime.fromisoformat("2026-11-23T14:00:00+02:00")
    assert drawn(timestamp=moment, event="x").startswith("2026-11-23T12:00:00.000Z ")
    assert drawn(timestamp=None, event="x").startswith(datetime.now(tz=UTC).strftime("%Y-%m-%dT"))


def test_an_exception_of_this_process():
    error = ValueError("größer")
    assert drawn(event="x", exc_info=error).endswith("ValueError: größer")
    assert drawn(event="x", exc_info=(ValueError, error, None)).endswith("ValueError: größer")


@pytest.mark.parametrize(
    ("cause", "words"), [(True, "direct cause of the following"), (False, "During handling of the above")]
)
def test_exceptions_of_the_tasks_process_are_drawn_as_python_does(cause, words):
    frames = [{"filename": __file__, "lineno": 1, "name": "read"}]
    inner = {"exc_type": "KeyError", "exc_value": "'a'", "frames": frames, "is_cause": cause, "exc_notes": []}
    outer = {"exc_type": "RuntimeError", "exc_value": "kaputt", "frames": frames, "exc_notes": ["eine Notiz"]}
    lines = drawn(event="Task failed", error_detail=[outer, inner]).splitlines()
    assert lines[1:5] == [
        "Traceback (most recent call last):",
        f'  File "{__file__}", line 1, in read',
        "    from __future__ import annotations",
        "KeyError: 'a'",
    ]
    assert words in "\n".join(lines)
    assert lines[-2:] == ["RuntimeError: kaputt", "eine Notiz"]


def test_how_airflow_came_to_call_the_task_is_folded():
    airflows = {"filename": "/env/lib/python3.11/site-packages/airflow/sdk/x.py", "lineno": 1, "name": "run"}
    own = {"filename": "/dags/own.py", "lineno": 1, "name": "read"}
    error = {"exc_type": "KeyError", "exc_value": "1", "frames": [airflows, airflows, own, airflows]}
    lines = drawn(event="x", error_detail=[error]).splitlines()
    assert lines[2:4] == ["  (2 frames of Airflow)", '  File "/dags/own.py", line 1, in read']
    assert "airflow/sdk/x.py" in lines[4]
    # An error of Airflow's own is shown whole.
    assert drawn(event="x", error_detail=[error | {"frames": [airflows]}]).count("airflow/sdk/x.py") == 1


def test_a_detail_that_is_no_exception_is_not_lost():
    assert drawn(event="x", error_detail="plain text").endswith("\nplain text")


def test_the_level_of_the_record():
    assert " WARNING  " in drawn(level=logging.getLevelName(logging.WARNING).lower(), event="x")
