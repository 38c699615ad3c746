"""
The execution API of a debug copy, in memory: Airflow's client asks it in the place of the cluster's.

What the copy writes (its state, XComs, variables) stays here and is gone with it. What it reads that it has not written
itself is asked of the service, which reads it from Airflow: XComs, variables and connections, and nothing else.
Whatever would have an effect elsewhere, as triggering a run, is refused, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx

from airflow_mesos.client import CopyClient
from airflow_mesos.errors import ServiceRefusedError

_NOTHING = object()


class ScratchApi:
    """A handler for httpx.MockTransport. `run`: the DAG run, as the execution API tells of it."""

    def __init__(self, run: dict[str, Any], max_tries: int, reads: CopyClient) -> None:
        self._context: dict[str, Any] = {"dag_run": run, "max_tries": max_tries, "should_retry": False}
        self._reads = reads
        #: By DAG, run, task and key, and then by map index. None of a value: it was deleted.
        self._xcoms: dict[tuple[str, ...], dict[int, Any]] = {}
        self._variables: dict[str, str | None] = {}
        self._store: dict[str, Any] = {}

    def resume_at(self, method: str, arguments: Any) -> None:
        """Begin with this method the next time, as a task does that had deferred itself."""
        self._context |= {"next_method": method, "next_kwargs": arguments}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        parts = [unquote(part) for part in request.url.raw_path.decode().partition("?")[0].split("/") if part]
        answers: dict[str, Callable[[httpx.Request, list[str]], httpx.Response]] = {
            "task-instances": self._task_instance,
            "xcoms": self._xcom,
            "variables": self._variable,
            "connections": self._connection,
            "store": self._state_store,
        }
        answer = answers.get(parts[0]) if parts else None
        return answer(request, parts[1:]) if answer else _refused(request)

    def _task_instance(  # noqa: PLR0911 - a table
        self, request: httpx.Request, parts: list[str]
    ) -> httpx.Response:
        match request.method, parts:
            case "PATCH", [_, "run"]:
                return httpx.Response(200, json=self._context)
            case "PATCH", [_, "state" | "skip-downstream" | "rendered-map-index"]:
                return httpx.Response(204)
            case "PUT", [_, "heartbeat" | "rtif"]:
                return httpx.Response(204)
            case "GET", [_, "previous-successful-dagrun"]:
                return httpx.Response(200, json={})
            case "GET", [_, "validate-inlets-and-outlets"]:
                return httpx.Response(200, json={"inactive_assets": []})
            case "GET", ["breadcrumbs"]:
                return httpx.Response(200, json={"breadcrumbs": []})
        return _refused(request)

    def _xcom(self, request: httpx.Request, parts: list[str]) -> httpx.Response:  # noqa: PLR0911 - a table
        place, rest = tuple(parts[:4]), parts[4:]
        asked = request.url.params
        index = int(asked.get("map_index", -1))
        match request.method, rest:
            case "POST", []:
                self._xcoms.setdefault(place, {})[index] = _json(request)
                return httpx.Response(201, json={"message": "XCom successfully set"})
            case "DELETE", []:
                self._xcoms.setdefault(place, {})[index] = None
                return httpx.Response(200, json={"message": "XCom deleted"})
            case "GET", []:
                value = self._xcom_at(place, index)
                if value is None:
                    return _missing(f"There is no XCom {place[-1]}")
                return httpx.Response(200, json={"key": place[-1], "value": value})
            case "HEAD", []:
                return httpx.Response(
                    200, headers={"Content-Range": f"map_indexes {len(self._xcoms_at(place))}"}
                )
            case "GET", ["item", offset]:
                values = self._xcoms_at(place)
                if not -len(values) <= int(offset) < len(values):
                    return _missing(f"There is no XCom {place[-1]} at {offset}")
                return httpx.Response(200, json=values[int(offset)])
            case "GET", ["slice"]:
                start, stop, step = (
                    int(asked[name]) if name in asked else None for name in ("start", "stop", "step")
                )
                return httpx.Response(200, json=self._xcoms_at(place)[start:stop:step])
        return _refused(request)

    def _xcom_at(self, place: tuple[str, ...], index: int) -> Any:
        own = self._xcoms.get(place, {}).get(index, _NOTHING)
        return self._reads.xcoms(*place, map_index=index).get(index) if own is _NOTHING else own

    def _xcoms_at(self, place: tuple[str, ...]) -> list[Any]:
        """Of a mapped task: its values, in the order of map indexes."""
        every = self._reads.xcoms(*place) | self._xcoms.get(place, {})
        return [value for _, value in sorted(every.items()) if value is not None]

    def _variable(self, request: httpx.Request, parts: list[str]) -> httpx.Response:
        key = "/".join(parts)
        match request.method:
            case "GET" if key != "keys":
                value = self._variables[key] if key in self._variables else self._read("variable", key)
                if value is None:
                    return _missing(f"There is no variable {key} that a copy can read")
                return httpx.Response(200, json={"key": key, "value": value})
            case "PUT":
                self._variables[key] = _json(request).get("val")
                return httpx.Response(201, json={"message": "Variable successfully set"})
            case "DELETE":
                self._variables[key] = None
                return httpx.Response(204)
        return _refused(request)

    def _connection(self, request: httpx.Request, parts: list[str]) -> httpx.Response:
        connection = self._read("connection", "/".join(parts)) if request.method == "GET" else None
        if connection is None:
            return _missing(
                "There is no such connection that a copy can read: with a password it must be in .env"
            )
        return httpx.Response(200, json=connection)

    def _state_store(self, request: httpx.Request, parts: list[str]) -> httpx.Response:
        place = "/".join(parts)
        match request.method:
            case "PUT":
                self._store[place] = _json(request).get("value")
                return httpx.Response(204)
            case "DELETE":
                self._store.pop(place, None)
                return httpx.Response(204)
            case "GET" if place in self._store:
                return httpx.Response(200, json={"value": self._store[place]})
        return _missing("The copy has stored nothing there")

    def _read(self, kind: str, name: str) -> Any:
        try:
            return self._reads.read(kind, name)
        except ServiceRefusedError as refusal:
            if refusal.status == 404:
                return None
            raise


def _json(request: httpx.Request) -> Any:
    import json  # noqa: PLC0415

    return json.loads(request.read() or b"null")


def _missing(what: str) -> httpx.Response:
    return httpx.Response(404, json={"detail": {"reason": "not_found", "message": what}})


def _refused(request: httpx.Request) -> httpx.Response:
    what = f"{request.method} {request.url.path}"
    return httpx.Response(
        405,
        json={"detail": f"A debug copy has no effect on the cluster: {what} is left to the task's own run"},
    )
