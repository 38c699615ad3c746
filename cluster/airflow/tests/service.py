"""The service as the contract (src/api/airflow.ts) describes it, in memory, for tests to drive from the other side."""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

DEPLOYMENT = "6d0ba1c2-8a5f-4b43-9d0e-3f6f1c1b2a77"
TERMINAL = {"finished", "failed", "killed", "lost", "superseded"}


@dataclass
class Call:
    """One request that arrived."""

    method: str
    path: str
    body: Any
    authorization: str | None


@dataclass
class Service:
    """What the tests look at and change. `answer` may give (status, body) to answer a call in the service's place."""

    token: str = "right-token"
    epoch: str = "e0"
    answer: Callable[[Call], tuple[int, Any] | None] = lambda _call: None
    calls: list[Call] = field(default_factory=list)
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    killed: set[str] = field(default_factory=set)
    tickets: dict[str, dict[str, Any]] = field(default_factory=dict)
    redeemed: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    logs: dict[str, str] = field(default_factory=dict)
    forgotten_up_to: int = 0
    url: str = ""
    changed: threading.Condition = field(default_factory=threading.Condition)

    def tell(self, id_: str, state: str, info: str = "", agent: str | None = "agent-1") -> None:
        """Let the framework tell something of a request."""
        event = {
            "id": id_,
            "state": state,
            "info": info,
            "mesos_task_id": f"{id_}.1",
            "agent": agent,
            "at": int(time.time() * 1000),
        }
        with self.changed:
            self.states[id_] = event
            self.events.append(event)
            self.changed.notify_all()

    def begin_anew(self, *, keep: bool) -> None:
        """Change the epoch, as another store does; `keep` says whether requests are still known."""
        with self.changed:
            self.epoch = f"e{int(self.epoch[1:]) + 1}"
            self.events.clear()
            if not keep:
                self.states.clear()
                self.requests.clear()
            self.changed.notify_all()

    def paths(self, end: str) -> list[Call]:
        """Give the calls whose path ends so."""
        return [call for call in self.calls if call.path.partition("?")[0].endswith(end)]

    @property
    def cursor(self) -> str:
        return f"{self.epoch}:{len(self.events)}"

    def handle(self, call: Call) -> tuple[int, Any]:
        if (answer := self.answer(call)) is not None:
            return answer
        path = urlsplit(call.path).path
        match path.removeprefix("/v1/").split("/"):
            case ["tickets", "redeem"]:
                return self.redeem(call.body["ticket"], call.body["receipt"])
            case ["attempts", "outcome"]:
                self.outcomes.append(call.body)
                return 204, None
            case ["deployments", deployment, *rest]:
                if call.authorization != f"Bearer {self.token}":
                    return 401, {"error": "The token is not the right one"}
                if deployment != DEPLOYMENT:
                    return 404, {"error": "No such deployment"}
                return self.deployment("/".join(rest), call)
        return 404, {"error": "No such path"}

    def redeem(self, ticket: str, receipt: str) -> tuple[int, Any]:
        """Once, and again for who has the receipt."""
        if not re.fullmatch(r"[\w-]{43}", receipt):
            return 400, {"error": "The receipt is malformed"}
        if ticket in self.tickets:
            self.redeemed[ticket, receipt] = self.tickets.pop(ticket)
        good = self.redeemed.get((ticket, receipt))
        return (200, good | {"receipt": receipt}) if good else (409, {"error": "The ticket was used already"})

    def deployment(self, path: str, call: Call) -> tuple[int, Any]:
        query = {name: values[0] for name, values in parse_qs(urlsplit(call.path).query).items()}
        match path:
            case "tasks":
                return 200, self.submit(call.body["tasks"])
            case "tasks/states":
                ids = call.body["ids"]
                known = [self.states[id_] for id_ in ids if id_ in self.states]
                unknown = [id_ for id_ in ids if id_ not in self.states]
                return 200, {"cursor": self.cursor, "tasks": known, "unknown": unknown}
            case "tasks/revoke":
                ids = call.body["ids"]
                running = [id_ for id_ in ids if self.states.get(id_, {}).get("state") == "running"]
                self.revoked.update(ids)
                return 200, {"revoked": [id_ for id_ in ids if id_ not in running], "running": running}
            case "tasks/kill":
                self.killed.update(call.body["ids"])
                return 200, {"killing": call.body["ids"], "unknown": []}
            case "events":
                return self.wait_for_events(query["after"], float(query["wait"]))
            case "log":
                text = self.logs.get(query["path"])
                return (200, text) if text is not None else (404, {"error": "No such log"})
        return 404, {"error": "No such path"}

    def submit(self, tasks: list[dict[str, Any]]) -> dict[str, Any]:
        accepted, refused = [], []
        for task in tasks:
            key = task["key"]
            if task["id"] in self.revoked:
                refused.append({"id": task["id"], "reason": "It was revoked before it arrived."})
            elif reason := self.refuse.get(key["task_id"]):
                refused.append({"id": task["id"], "reason": reason})
            else:
                accepted.append(task["id"])
                if task["id"] not in self.requests:
                    self.requests[task["id"]] = task
                    self.states.setdefault(
                        task["id"],
                        {
                            "id": task["id"],
                            "state": "queued",
                            "info": "",
                            "mesos_task_id": None,
                            "agent": None,
                            "at": 0,
                        },
                    )
        return {"accepted": accepted, "refused": refused}

    def wait_for_events(self, after: str, wait: float) -> tuple[int, Any]:
        def known() -> bool:
            epoch, _, seq = after.partition(":")
            return epoch == self.epoch and int(seq) >= self.forgotten_up_to

        with self.changed:
            seq = int(after.partition(":")[2])
            self.changed.wait_for(lambda: not known() or len(self.events) > seq, min(wait, 1.0))
            if not known():
                return 410, {"error": "The cursor is too old"}
            return 200, {"cursor": self.cursor, "events": self.events[seq:]}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: Service

    def do_GET(self) -> None:
        self.respond(None)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.respond(json.loads(self.rfile.read(length) or b"null"))

    def respond(self, body: Any) -> None:
        call = Call(self.command, self.path, body, self.headers.get("Authorization"))
        self.service.calls.append(call)
        status, answer = self.service.handle(call)
        if status == 0:
            # As if the connection broke after the request had been taken.
            self.close_connection = True
            return
        text = isinstance(answer, str)
        payload = answer.encode() if text else b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8" if text else "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_: Any) -> None:
        """Keep pytest's output clean."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Clients leave in mid-answer at the end of a test."""


@contextmanager
def serving(service: Service | None = None, port: int = 0) -> Iterator[Service]:
    """Serve on loopback until the block is left."""
    service = service or Service()
    handler = type("Handler", (_Handler,), {"service": service})
    server = _Server(("127.0.0.1", port), handler)
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def new_id() -> str:
    """Give an id as the scheduler pre-assigns it."""
    return str(uuid.uuid4())
