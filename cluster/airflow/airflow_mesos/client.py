"""The service's HTTP API as Airflow's side sees it (src/api/airflow.ts is the contract)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPResponse
from typing import Any, TypeVar
from urllib.parse import quote

from airflow_mesos.errors import ServiceRefusedError, ServiceUnreachableError
from airflow_mesos.http import HttpClient

#: An id list longer than this goes in several calls.
_IDS_PER_CALL = 1000

#: Seconds that the service keeps a question for events open; it allows 30.
EVENTS_WAIT = 20

T = TypeVar("T")

TERMINAL_STATES = frozenset({"finished", "failed", "killed", "lost", "superseded"})


@dataclass(frozen=True)
class TaskEvent:
    """What the framework tells of one request. `info` is for a person and may be empty."""

    id: str
    state: str
    info: str
    mesos_task_id: str | None
    agent: str | None

    @property
    def terminal(self) -> bool:
        """Whether nothing follows for this id."""
        return self.state in TERMINAL_STATES


@dataclass(frozen=True)
class Submitted:
    """Which requests of a batch the framework took, and why it will never run the others (id to reason)."""

    accepted: Sequence[str]
    refused: dict[str, str]


@dataclass(frozen=True)
class Revoked:
    """Ids that are certain never to start, and ids whose process had begun and is being killed."""

    revoked: Sequence[str]
    running: Sequence[str]


@dataclass(frozen=True)
class States:
    """The present state of each known id, and the cursor from which events continue it."""

    cursor: str
    tasks: Sequence[TaskEvent]
    unknown: Sequence[str]


@dataclass(frozen=True)
class Events:
    """Events after a cursor, oldest first, and the cursor to go on from."""

    cursor: str
    events: Sequence[TaskEvent]


@dataclass(frozen=True)
class Redeemed:
    """What a ticket was good for. Holds the task's token: it is never shown."""

    workload: dict[str, Any] = field(repr=False)
    env: dict[str, str] = field(repr=False)
    receipt: str = field(repr=False)


class CursorGoneError(Exception):
    """The service no longer keeps what followed this cursor, or its history began anew."""


class DeploymentClient:
    """Calls of one Airflow deployment; the token of `http` opens this deployment only."""

    def __init__(self, http: HttpClient, deployment: str) -> None:
        self._http = http
        self._base = f"/v1/deployments/{quote(deployment, safe='')}"

    @property
    def url(self) -> str:
        """The service's address."""
        return self._http.url

    def submit(self, tasks: Sequence[dict[str, Any]], *, timeout: float) -> Submitted:
        """Hand over task requests; harmless to repeat."""
        answer = self._post("tasks", {"tasks": tasks}, timeout)
        with self._understood("tasks"):
            refused = {str(each["id"]): str(each["reason"]) for each in answer["refused"]}
            return Submitted([str(id_) for id_ in answer["accepted"]], refused)

    def kill(self, ids: Iterable[str], reason: str) -> None:
        """Have these ended; what becomes of them arrives as events."""
        for some in _chunks(ids):
            self._post("tasks/kill", {"ids": some, "reason": reason})

    def revoke(self, ids: Iterable[str], reason: str, *, timeout: float | None = None) -> Revoked:
        """Make certain that these never start; what has begun is killed."""
        revoked: list[str] = []
        running: list[str] = []
        for some in _chunks(ids):
            answer = self._post("tasks/revoke", {"ids": some, "reason": reason}, timeout)
            with self._understood("tasks/revoke"):
                revoked += [str(id_) for id_ in answer["revoked"]]
                running += [str(id_) for id_ in answer["running"]]
        return Revoked(revoked, running)

    def states(self, ids: Iterable[str], *, timeout: float | None = None) -> States:
        """Ask for the present state of these ids; with none, for the present cursor."""
        cursor = ""
        tasks: list[TaskEvent] = []
        unknown: list[str] = []
        for some in _chunks(ids) or [[]]:
            answer = self._post("tasks/states", {"ids": some}, timeout)
            with self._understood("tasks/states"):
                # Of several answers the first cursor: to see an event twice is harmless, to miss one is not.
                cursor = cursor or str(answer["cursor"])
                tasks += [_event(each) for each in answer["tasks"]]
                unknown += [str(id_) for id_ in answer["unknown"]]
        return States(cursor, tasks, unknown)

    def events(self, after: str, *, wait: int = EVENTS_WAIT) -> Events:
        """Wait up to `wait` seconds for what follows a cursor; CursorGoneError if the service cannot tell."""
        try:
            answer = self._http.get(
                f"{self._base}/events", {"after": after, "wait": str(wait)}, timeout=wait + 10
            )
        except ServiceRefusedError as refusal:
            if refusal.status == 410:
                raise CursorGoneError(after) from None
            raise
        with self._understood("events"):
            return Events(str(answer["cursor"]), [_event(each) for each in answer["events"]])

    def log(self, path: str, *, timeout: float | None = None) -> HTTPResponse:
        """Open Airflow's log file of a task by its path below the log folder; the caller closes it."""
        return self._http.open(f"{self._base}/log", {"path": path}, timeout=timeout)

    def _post(self, path: str, body: Any, timeout: float | None = None) -> Any:
        return self._http.post(f"{self._base}/{path}", body, timeout=timeout)

    def _understood(self, what: str) -> _Understood:
        return _Understood(self._http.url, what)


class TicketClient:
    """The two calls of a task's first process. They need no token but what they carry."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def redeem(self, ticket: str, receipt: str) -> Redeemed:
        """
        Turn the one-time ticket into the workload.

        `receipt`: 43 letters of the caller's own choice that nobody can guess. With them, and only with them, it may
        ask again: the service may have died before its answer arrived.
        """
        answer = self._http.post("/v1/tickets/redeem", {"ticket": ticket, "receipt": receipt})
        with _Understood(self._http.url, "tickets/redeem"):
            env = {str(name): str(value) for name, value in answer["env"].items()}
            return Redeemed(dict(answer["workload"]), env, str(answer["receipt"]))

    def report(self, receipt: str, outcome: str) -> None:
        """Tell what became of this attempt."""
        self._http.post("/v1/attempts/outcome", {"receipt": receipt, "outcome": outcome})

    def read(self, receipt: str, what: dict[str, Any], understand: Callable[[Any], T]) -> T:
        """Read for a debug copy what Airflow has."""
        answer = self._http.post("/v1/attempts/read", {"receipt": receipt, **what})
        with _Understood(self._http.url, "attempts/read"):
            return understand(answer)


class CopyClient:
    """What a debug copy reads of its run, with its receipt; there is nothing that it could write."""

    def __init__(self, tickets: TicketClient, receipt: str) -> None:
        self._tickets = tickets
        self._receipt = receipt

    def xcoms(
        self, dag_id: str, run_id: str, task_id: str, key: str, *, map_index: int | None = None
    ) -> dict[int, Any]:
        """Give the values under a key by map index, as they are stored; of `map_index` alone where it is given."""
        place = {"dag_id": dag_id, "run_id": run_id, "task_id": task_id, "key": key}
        asked = place if map_index is None else place | {"map_index": map_index}
        return self._tickets.read(self._receipt, {"xcom": asked}, _xcoms)

    def read(self, kind: str, name: str) -> Any:
        """Give a variable's value or a connection; ServiceRefusedError (404) where the copy can have none."""
        return self._tickets.read(self._receipt, {kind: name}, lambda answer: answer[kind])


def _xcoms(answer: Any) -> dict[int, Any]:
    return {int(each["map_index"]): each["value"] for each in answer["xcoms"]}


class _Understood:
    """Turns an answer of an unexpected shape into an error that says whose it is."""

    def __init__(self, url: str, what: str) -> None:
        self._url = url
        self._what = what

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, (KeyError, TypeError, AttributeError, ValueError)):
            why = f"its answer to {self._what} has another shape; are both of the same version?"
            raise ServiceUnreachableError(self._url, why) from None


def _event(each: dict[str, Any]) -> TaskEvent:
    return TaskEvent(
        id=str(each["id"]),
        state=str(each["state"]),
        info=str(each["info"]),
        mesos_task_id=each["mesos_task_id"],
        agent=each["agent"],
    )


def _chunks(ids: Iterable[str]) -> list[list[str]]:
    every = list(ids)
    return [every[start : start + _IDS_PER_CALL] for start in range(0, len(every), _IDS_PER_CALL)]
