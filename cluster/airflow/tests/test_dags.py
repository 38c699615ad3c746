"""The example DAGs, run by Airflow itself in this process, on a database of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from airflow.models.taskinstancekey import TaskInstanceKey
from airflow.utils.state import DagRunState, TaskInstanceState

DAGS = Path(__file__).parents[1] / "dags"


@pytest.fixture(scope="module")
def bag():
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    initdb()
    return DagBag(str(DAGS))


def run(bag, dag_id, **conf):
    dag_run = bag.dags[dag_id].test(run_conf=conf or None)
    return dag_run, {(ti.task_id, ti.map_index): ti for ti in dag_run.get_task_instances()}


def test_they_load_without_errors_and_are_told_apart(bag):
    assert not bag.import_errors
    assert set(bag.dags) == {"weather_report", "flaky_branch"}
    for dag in bag.dags.values():
        assert "example" in dag.tags
        assert not dag.catchup
        assert dag.schedule is None


def test_the_weather_report(bag, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("MESOS_SANDBOX", str(tmp_path))
    dag_run, tasks = run(bag, "weather_report", title="Bericht – äöü 日本")
    assert dag_run.state == DagRunState.SUCCESS
    expected = {("read_stations", -1), ("write_report", -1)} | {("summarise", index) for index in range(6)}
    assert {key for key, ti in tasks.items() if ti.state == TaskInstanceState.SUCCESS} == expected
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert report.startswith("# Bericht – äöü 日本\n\n1. Ελλάδα ")
    assert report.count("\n") == 8
    assert "北海道" in report
    assert tasks["write_report", -1].xcom_pull(task_ids="write_report") == report
    assert tasks["summarise", 0].rendered_map_index == "Alpen"


def test_the_flaky_branch(bag):
    dag_run, tasks = run(bag, "flaky_branch", way="right")
    assert dag_run.state == DagRunState.SUCCESS
    assert tasks["fetch", -1].try_number == 2
    states = {task_id: ti.state for (task_id, _), ti in tasks.items()}
    assert states.pop("left") == TaskInstanceState.SKIPPED
    assert set(states.values()) == {TaskInstanceState.SUCCESS}


def test_what_airflow_wants_no_more_is_told_by_its_database(bag):
    from airflow.utils.session import create_session

    from airflow_mesos.ledger import Entry
    from airflow_mesos.unwanted import _wanted

    _, tasks = run(bag, "weather_report")
    with create_session() as session:
        queued = session.merge(tasks["summarise", 2])
        queued.state = TaskInstanceState.QUEUED
    entries = [Entry(str(ti.id), ti.key, 0.0) for ti in tasks.values()]
    entries.append(Entry("gone", TaskInstanceKey("weather_report", "gone", "manual", 1, -1), 0.0))
    other_try = tasks["summarise", 2].key.with_try_number(7)
    entries.append(Entry("other try", other_try, 0.0))
    assert _wanted(entries) == {tasks["summarise", 2].key}
    assert _wanted([]) == set()
