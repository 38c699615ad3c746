"""The thread that follows the framework's events, so that the scheduler's loop never waits for them."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from airflow_mesos.client import CursorGoneError, DeploymentClient, TaskEvent
from airflow_mesos.errors import ServiceError
from airflow_mesos.outage import Log, Outage

#: Seconds between questions while the service is away: the first, and the longest.
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 5.0


@dataclass(frozen=True)
class Missing:
    """Asked for the state of this id, the framework did not know it."""

    id: str


class EventFollower:
    """
    Follows a deployment's events in a daemon thread and hands them on through `take`.

    It begins, and begins again whenever the service cannot continue its cursor (410, another epoch), by asking for
    the present state of every id in `awaited()`. The cursor is fetched *before* those ids are listed: what happens in
    between is then seen twice rather than never.
    """

    def __init__(self, client: DeploymentClient, awaited: Callable[[], list[str]], log: Log) -> None:
        self._client = client
        self._awaited = awaited
        self._log = log
        self._outage = Outage(log, "States of tasks are asked for again until it does.")
        self._news: queue.SimpleQueue[TaskEvent | Missing] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def ensure_running(self) -> None:
        """Start the thread unless it lives."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="mesos-events", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Have it end. A question under way is not waited for."""
        self._stop.set()

    def take(self) -> list[TaskEvent | Missing]:
        """Give what came since the last time, oldest first, without waiting."""
        news: list[TaskEvent | Missing] = []
        while True:
            try:
                news.append(self._news.get_nowait())
            except queue.Empty:
                return news

    def _run(self) -> None:
        cursor: str | None = None
        pause = _FIRST_PAUSE
        while not self._stop.is_set():
            asked = time.monotonic()
            try:
                cursor = self._begin() if cursor is None else self._continue(cursor)
            except CursorGoneError:
                self._log.info("The framework's events begin anew; asking for the state of every task.")
                cursor = None
            except ServiceError as error:
                self._outage.failed(error, time.monotonic() - asked)
                self._stop.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            except Exception:  # noqa: BLE001
                # Whatever it is, a scheduler that hears nothing more would be worse.
                self._log.exception("Following the framework's events failed; beginning anew.")
                cursor = None
                self._stop.wait(_LONGEST_PAUSE)
            else:
                self._outage.over()
                pause = _FIRST_PAUSE

    def _begin(self) -> str:
        cursor = self._client.states([]).cursor
        if ids := self._awaited():
            states = self._client.states(ids)
            for event in states.tasks:
                self._news.put(event)
            for id_ in states.unknown:
                self._news.put(Missing(id_))
        return cursor

    def _continue(self, cursor: str) -> str:
        page = self._client.events(cursor)
        if _epoch(page.cursor) != _epoch(cursor):
            raise CursorGoneError(cursor)
        for event in page.events:
            self._news.put(event)
        return page.cursor


def _epoch(cursor: str) -> str:
    return cursor.partition(":")[0]
