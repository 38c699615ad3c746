"""Tasks that wait for an offer although nobody wants them any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.models.taskinstance import TaskInstance
from airflow.models.taskinstancekey import TaskInstanceKey
from airflow.utils.session import create_session
from airflow.utils.state import TaskInstanceState
from sqlalchemy import select

from airflow_mesos.ledger import Entry, Ledger

if TYPE_CHECKING:
    from airflow_mesos.queued import QueuedTasks

#: Seconds between two looks into Airflow's database.
_EVERY = 10.0

#: In these states a task instance is waited for, or its process tells Airflow itself.
_WANTED = frozenset(
    {
        TaskInstanceState.SCHEDULED,
        TaskInstanceState.QUEUED,
        TaskInstanceState.RUNNING,
        TaskInstanceState.RESTARTING,
        TaskInstanceState.DEFERRED,
        TaskInstanceState.UP_FOR_RESCHEDULE,
    }
)


class UnwantedTasks:
    """
    Finds waiting requests whose task instance someone marked as failed or successful, cleared or deleted.

    Airflow tells the executor nothing of that. A running task learns it from its next heartbeat, but one that waits
    would keep its slot until an offer fits, for ever if none does. To leave alone what is just ending, a request
    counts as unwanted only if it was so at two looks running.
    """

    def __init__(self, ledger: Ledger, queued: QueuedTasks) -> None:
        self._ledger = ledger
        self._queued = queued
        self._next = 0.0
        self._suspects: set[str] = set()

    def find(self, now: float) -> list[Entry]:
        """Look, if it is time to; cheap where nothing waits for long."""
        if now < self._next:
            return []
        self._next = now + _EVERY
        waiting = [
            entry
            for entry in self._ledger.entries()
            if not entry.begun and now - entry.noted >= _EVERY and entry.key not in self._queued
        ]
        wanted = _wanted(waiting)
        unwanted = [entry for entry in waiting if entry.key not in wanted]
        sure = [entry for entry in unwanted if entry.id in self._suspects]
        self._suspects = {entry.id for entry in unwanted}
        return sure


def _wanted(entries: list[Entry]) -> set[TaskInstanceKey]:
    keys = [entry.key for entry in entries]
    condition = TaskInstance.filter_for_tis(keys)
    if condition is None:
        return set()
    query = select(
        TaskInstance.dag_id,
        TaskInstance.task_id,
        TaskInstance.run_id,
        TaskInstance.try_number,
        TaskInstance.map_index,
        TaskInstance.state,
    ).where(condition)
    with create_session() as session:
        return {TaskInstanceKey(*row[:5]) for row in session.execute(query) if row.state in _WANTED}
