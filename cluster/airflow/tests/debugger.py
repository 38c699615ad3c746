"""A debugger for tests: the Debug Adapter Protocol over relay.py, as an editor speaks it through the service."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from airflow_mesos import relay
from airflow_mesos.dap import framed, messages

LIMIT = 60.0


class Debugger:
    """Comes in by a relay of its own in the sandbox of a debug copy."""

    def __init__(self, sandbox: Path) -> None:
        self.relay = subprocess.Popen(
            [sys.executable, "-I", relay.__file__],
            cwd=sandbox,
            env={},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._sequence = 0
        self._came: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.seen: list[dict[str, Any]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for message in messages(self.relay.stdout):
            self._came.put(message)
        self._came.put(None)

    def ask(self, command: str, **arguments: Any) -> int:
        self._sequence += 1
        request = {"seq": self._sequence, "type": "request", "command": command, "arguments": arguments}
        self.relay.stdin.write(framed(request))
        self.relay.stdin.flush()
        return self._sequence

    def answer(self, command: str, **arguments: Any) -> dict[str, Any]:
        asked = self.ask(command, **arguments)
        answer = self._next(lambda each: each.get("request_seq") == asked)
        assert answer["success"], answer
        return answer.get("body") or {}

    def event(self, name: str) -> dict[str, Any]:
        return self._next(lambda each: each.get("event") == name).get("body") or {}

    def _next(self, wanted) -> dict[str, Any]:
        for message in self.seen:
            if wanted(message):
                self.seen.remove(message)
                return message
        while True:
            message = self._came.get(timeout=LIMIT)
            assert message is not None, f"hung up; before it came {[each.get('event') for each in self.seen]}"
            if wanted(message):
                return message
            self.seen.append(message)

    def attach(self, breakpoints: dict[Path, list[int]]) -> None:
        self.answer("initialize", adapterID="debugpy", pathFormat="path", linesStartAt1=True)
        # Where an editor thinks that it is does not matter.
        self.ask("attach", justMyCode=True, redirectOutput=True, connect={"host": "127.0.0.1", "port": 1})
        self.event("initialized")
        for file, lines in breakpoints.items():
            wanted = [{"line": line} for line in lines]
            self.answer("setBreakpoints", source={"path": str(file)}, breakpoints=wanted)
        self.answer("setExceptionBreakpoints", filters=[])
        self.answer("configurationDone")

    def close(self) -> None:
        self.relay.kill()
        self.relay.wait()
