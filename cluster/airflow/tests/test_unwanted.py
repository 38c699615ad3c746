from __future__ import annotations

import uuid

import pytest
from airflow.models.taskinstancekey import TaskInstanceKey
from airflow.utils.state import TaskInstanceState

from airflow_mesos import unwanted
from airflow_mesos.ledger import Ledger
from airflow_mesos.unwanted import UnwantedTasks


@pytest.fixture
def states(monkeypatch):
    """Airflow's database, as far as it is looked at: key to state."""
    states = {}

    def wanted(entries):
        keys = {entry.key for entry in entries}
        return {key for key, state in states.items() if key in keys and state in unwanted._WANTED}

    monkeypatch.setattr(unwanted, "_wanted", wanted)
    return states


def key_of(task_id):
    return TaskInstanceKey("weather", task_id, "manual__1", 1, -1)


def found(unwanted_tasks, now):
    return [entry.key.task_id for entry in unwanted_tasks.find(now)]


def test_a_waiting_task_that_was_marked_as_done_is_found_at_the_second_look(states):
    ledger = Ledger()
    for task_id in ("queued", "failed", "deleted", "begun", "young"):
        ledger.note(str(uuid.uuid4()), key_of(task_id), 95.0 if task_id == "young" else 0.0)
    ledger.find(ledger.id_of(key_of("begun"))).begun = True
    states[key_of("queued")] = TaskInstanceState.QUEUED
    states[key_of("failed")] = states[key_of("begun")] = TaskInstanceState.FAILED
    tasks = UnwantedTasks(ledger, set())
    assert found(tasks, 100.0) == []
    assert found(tasks, 105.0) == []
    assert found(tasks, 110.0) == ["failed", "deleted"]


def test_a_task_that_still_waits_for_its_turn_is_not_looked_at(states):
    ledger = Ledger()
    ledger.note(str(uuid.uuid4()), key_of("waiting"), 0.0)
    tasks = UnwantedTasks(ledger, {key_of("waiting")})
    assert found(tasks, 100.0) == found(tasks, 200.0) == []
