"""Saying that the service is away: once, then rarely, and once more when it is back."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from airflow_mesos.errors import ServiceError

#: Seconds after which a lasting outage is mentioned again.
_REMIND = 300.0


class Log(Protocol):
    """What is needed of a logger: Airflow's own are not the standard library's."""

    def info(self, event: str, /, *args: Any) -> Any:
        """Say."""

    def warning(self, event: str, /, *args: Any) -> Any:
        """Warn."""

    def exception(self, event: str, /, *args: Any) -> Any:
        """Say with the traceback."""


class Outage:
    """
    One stretch of failed calls after another, as one caller sees them.

    After a failure that took long, `hold_off` asks the caller to leave the service alone for twice that time: the
    scheduler's loop must not spend its time in timeouts. A failure at once costs nothing and is not waited for.
    """

    def __init__(self, log: Log, consequence: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._consequence = consequence
        self._clock = clock
        self._since: float | None = None
        self._said = 0.0
        self._not_before = 0.0

    @property
    def hold_off(self) -> bool:
        """Whether to leave the service alone for now."""
        return self._clock() < self._not_before

    def failed(self, error: ServiceError, took: float) -> None:
        """Note a failed call that took so many seconds."""
        now = self._clock()
        self._not_before = now + 2 * took if took > 0.5 else 0.0
        if self._since is None:
            self._since = self._said = now
            self._log.warning("%s %s", error, self._consequence)
        elif now - self._said >= _REMIND:
            self._said = now
            self._log.warning("%s That is so for %d s now. %s", error, now - self._since, self._consequence)

    def over(self) -> None:
        """Note a successful call."""
        if self._since is not None:
            self._log.info(
                "The Mesos Airflow service answers again, after %d s.", self._clock() - self._since
            )
        self._since = None
        self._not_before = 0.0
