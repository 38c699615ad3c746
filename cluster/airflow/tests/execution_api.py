"""As much of Airflow's execution API as the supervisor of one task needs, for tests of a task's first process."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_NOW = "2026-11-23T12:00:00Z"


@dataclass
class ExecutionApi:
    """What was asked of it. `refuse_run` answers /run with that status and detail."""

    url: str = ""
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    refuse_run: tuple[int, Any] | None = None

    @property
    def states(self) -> list[str]:
        """Give the states that the task's process reported, in order."""
        return [body["state"] for method, path, body in self.calls if method == "PATCH" and "/state" in path]

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.calls.append((method, path, body))
        if path.endswith("/run"):
            return self.refuse_run or (200, _context())
        if path.endswith("/heartbeat") or "/state" in path:
            return 204, None
        return 200, {}


def _context() -> dict[str, Any]:
    return {
        "dag_run": {
            "dag_id": "größen",
            "run_id": "manual__süß",
            "logical_date": _NOW,
            "data_interval_start": _NOW,
            "data_interval_end": _NOW,
            "run_after": _NOW,
            "start_date": _NOW,
            "end_date": None,
            "run_type": "manual",
            "state": "running",
            "conf": {},
            "consumed_asset_events": [],
            "partition_key": None,
        },
        "max_tries": 0,
        "should_retry": False,
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: ExecutionApi

    def respond(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"null")
        self.api.tokens.add(self.headers.get("Authorization") or "")
        status, answer = self.api.answer(self.command, self.path, body)
        payload = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = respond  # noqa: N815 - http.server wants it so

    def log_message(self, *_: Any) -> None:
        """Keep pytest's output clean."""


@contextmanager
def execution_api() -> Iterator[ExecutionApi]:
    """Serve on loopback until the block is left."""
    api = ExecutionApi()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": api}))
    server.daemon_threads = True
    api.url = f"http://127.0.0.1:{server.server_address[1]}/execution/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
