"""
A debug copy of a task instance: `python -m airflow_mesos.debug`, a Mesos task of its own.

It begins as a task does (task.py): a ticket is exchanged for what is to be run. That is a copy. It runs the task's code
with what the run has for it, and whatever it does stays in its own process (scratch.py).

This process watches over two others and is debugged itself by nobody:

- the copy (copied.py), forked off it, which imports Airflow and then waits for a debugger;
- debugpy's adapter (adapter.py), which speaks the Debug Adapter Protocol on its standard streams.

A debugger comes in by a Unix socket in the sandbox that only the task's user can open: no port is opened for it, which
everybody on the machine could connect to, and run code as that user. The one way there is a session in the sandbox,
which runs relay.py, and which the service alone opens. The first connection is the only one; when it ends, the copy
ends.

Exit status, beside those of task.py:

| status | meaning |
|---|---|
| 0 | the copy ran to its end, or the debugger left it |
| 70 | the copy could not be run; standard output says why |
| 75 | nobody attached a debugger in time |
| 78 | debugpy is not there |
"""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, MutableMapping
from contextlib import chdir, suppress
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from airflow_mesos import adapter
from airflow_mesos.client import CopyClient
from airflow_mesos.copied import run_copy
from airflow_mesos.dap import framed, messages
from airflow_mesos.relay import SOCKET
from airflow_mesos.task import Exit, TaskEndError, complain, leave, prepare, redeem, say, speak_utf8

#: The folder of debugpy, where it is not in the environment itself.
DEBUGGER = "MESOS_AIRFLOW_DEBUGGER"

#: Seconds, where the order says nothing.
_PATIENCE = 300.0

#: Seconds that a debugger gets to take leave once the copy has ended, and the copy once it was told to end.
_FAREWELL = 5.0

_NOBODY_CAME = 75


def main(environ: MutableMapping[str, str] = os.environ) -> int:
    """Run the copy that the ticket in the environment is for; give the exit status."""
    speak_utf8("airflow_mesos.debug")
    signal.signal(signal.SIGTERM, _end_early)
    try:
        folder = environ.pop(DEBUGGER, "")
        tickets, redeemed = redeem(environ)
        prepare(environ, redeemed)
        library = _library(folder)
    except TaskEndError as end:
        complain(str(end))
        return end.status
    order = redeemed.workload
    reads = CopyClient(tickets, redeemed.receipt)
    # In a Docker container a task begins elsewhere.
    sandbox = Path(environ.get("MESOS_SANDBOX") or Path.cwd())
    return Watch(lambda port: run_copy(order, reads, port), library, sandbox).run(
        float(order.get("patience") or _PATIENCE)
    )


def _library(folder: str) -> Path:
    """Find the folder that debugpy is in, and make it importable."""
    if folder:
        # At the end: a debugpy of the workspace's own goes before it.
        sys.path.append(folder)
    found = importlib.util.find_spec("debugpy")
    if not found or not found.origin:
        why = f"debugpy is not installed for {sys.executable}: add it to the requirements of the environment."
        raise TaskEndError(Exit.BAD_ENVIRONMENT, why)
    return Path(found.origin).parent.parent


class Watch:
    """
    The copy, the adapter and the one connection, from the first to the last.

    `copy` is called in a process of its own, with a function that waits for the port on which the adapter wants it;
    what it returns is that process' exit status. `library`: the folder that debugpy is in. `sandbox`:
    where debuggers come in.
    """

    def __init__(self, copy: Callable[[Callable[[], int]], int], library: Path, sandbox: Path) -> None:
        self._copy = copy
        self._library = library
        self._sandbox = sandbox
        self._adapter: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._copy_status: int | None = None
        self._told_port = False
        self._changed = threading.Event()
        self._hung_up = False
        self._attached = False
        self._took_leave = threading.Event()

    def run(self, patience: float) -> int:
        """Wait so many seconds for a debugger, and then as long as it stays and the copy runs."""
        listener = _listen(self._sandbox)
        reader, self._port_writer = os.pipe()
        self._pid = self._fork(reader, listener)
        os.close(reader)
        signal.signal(signal.SIGTERM, self._terminated)
        try:
            return self._watch(listener, time.monotonic() + patience, patience)
        finally:
            self._end_all()

    def _watch(self, listener: socket.socket, until: float, patience: float) -> int:
        listener.settimeout(0.2)
        say(f"The debug copy waits {patience:.0f} s for a debugger.")
        while not self._attached:
            if self._copy_ended():
                return self._copy_status or Exit.DONE
            if self._hung_up:
                say("The debugger left before it had attached: the copy ends.")
                return Exit.DONE
            if time.monotonic() >= until:
                say(f"No debugger attached within {patience:.0f} s: the copy ends.")
                return _NOBODY_CAME
            if self._connection is None:
                self._accept(listener)
            else:
                self._pause()
        say("A debugger has attached.")
        while not self._copy_ended() and not self._hung_up:
            self._pause()
        if self._copy_status is None:
            say("The debugger has left: the copy ends.")
            return Exit.DONE
        # The adapter tells the debugger of the end, which then takes its leave.
        farewell = time.monotonic() + _FAREWELL
        while not self._hung_up and time.monotonic() < farewell:
            self._pause()
        return self._copy_status

    def _accept(self, listener: socket.socket) -> None:
        with suppress(TimeoutError):
            self._connection, _ = listener.accept()
            # The first is the only one.
            listener.close()
            (self._sandbox / SOCKET).unlink(missing_ok=True)
            self._connection.setblocking(True)
            self._adapter = subprocess.Popen(  # noqa: S603 - our own arguments
                [sys.executable, "-I", adapter.__file__, str(self._library)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
            for carry in (self._carry_in, self._carry_out):
                threading.Thread(target=carry, daemon=True).start()

    def _carry_in(self) -> None:
        """Hand on what the debugger asks."""
        assert self._connection and self._adapter and self._adapter.stdin  # noqa: S101, PT018 - made before
        with suppress(OSError, ValueError), self._connection.makefile("rb") as stream:
            for message in messages(stream):
                self._send(self._adapter.stdin, as_asked(message))
                if message.get("command") == "disconnect":
                    # It hears the answer yet.
                    self._took_leave.wait(_FAREWELL)
                    break
        self._hang_up()

    def _carry_out(self) -> None:
        """Hand on what the adapter says."""
        assert self._connection and self._adapter and self._adapter.stdout  # noqa: S101, PT018 - made before
        with suppress(OSError, ValueError):
            for message in messages(self._adapter.stdout):
                if message.get("event") == "debugpyWaitingForServer":
                    self._tell_port(int(message["body"]["port"]))
                    continue
                self._connection.sendall(framed(message))
                if message.get("type") == "response" and message.get("command") == "disconnect":
                    self._took_leave.set()
        self._hang_up()

    @staticmethod
    def _send(stream: BinaryIO, message: dict[str, Any]) -> None:
        stream.write(framed(message))
        stream.flush()

    def _tell_port(self, port: int) -> None:
        if not self._told_port:
            self._told_port = self._attached = True
            os.write(self._port_writer, b"%d\n" % port)
            self._changed.set()

    def _hang_up(self) -> None:
        self._hung_up = True
        self._changed.set()

    def _pause(self) -> None:
        self._changed.wait(0.1)
        self._changed.clear()

    def _fork(self, reader: int, listener: socket.socket) -> int:
        if pid := os.fork():
            return pid
        self._be_the_copy(reader, listener)
        raise AssertionError

    def _be_the_copy(self, reader: int, listener: socket.socket) -> NoReturn:
        status: int = Exit.FAILED
        try:
            # Whatever it starts is to end with it; and no signal of ours is its.
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            os.close(self._port_writer)
            status = self._copy(lambda: _port_from(reader))
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else Exit.FAILED
        except BaseException:  # noqa: BLE001 - whatever it is, it is told, and the process must end here
            complain(f"The copy could not be run.\n{traceback.format_exc()}")
        leave(status)

    def _copy_ended(self) -> bool:
        if self._copy_status is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                code = os.waitstatus_to_exitcode(status)
                self._copy_status = code if code >= 0 else 128 - code
        return self._copy_status is not None

    def _end_all(self) -> None:
        if not self._copy_ended():
            self._signal_copy(signal.SIGTERM)
            until = time.monotonic() + _FAREWELL
            while not self._copy_ended() and time.monotonic() < until:
                time.sleep(0.05)
        # Also what the task's code left running.
        self._signal_copy(signal.SIGKILL)
        if self._adapter:
            self._adapter.kill()
            self._adapter.wait()
        if self._connection:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)

    def _signal_copy(self, sign: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, sign)

    def _terminated(self, _signal: int, _frame: object) -> NoReturn:
        say("Told to end (SIGTERM): the copy ends.")
        self._end_all()
        leave(Exit.TERMINATED)


def as_asked(message: dict[str, Any]) -> dict[str, Any]:
    """Have a debugger's `attach` mean this copy, wherever it thinks that it is."""
    if message.get("type") != "request" or message.get("command") not in ("attach", "launch"):
        return message
    elsewhere = (
        "connect",
        "listen",
        "host",
        "port",
        "processId",
        "subProcessId",
        "program",
        "module",
        "code",
    )
    arguments = {
        name: value for name, value in (message.get("arguments") or {}).items() if name not in elsewhere
    }
    # Processes that the task's code starts would want ports of their own.
    arguments |= {"request": "attach", "listen": {"host": "127.0.0.1", "port": 0}, "subProcess": False}
    return message | {"command": "attach", "arguments": arguments}


def _listen(sandbox: Path) -> socket.socket:
    """Open the socket, for the task's user alone."""
    place = sandbox / SOCKET
    folder = place.parent
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    place.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    # By a short path: that of a Unix socket is limited.
    with chdir(sandbox):
        listener.bind(SOCKET)
    place.chmod(0o600)
    listener.listen(1)
    return listener


def _port_from(reader: int) -> int:
    with os.fdopen(reader, "rb") as stream:
        line = stream.readline()
    if not line:
        raise SystemExit(Exit.DONE)
    return int(line)


def _end_early(_signal: int, _frame: object) -> NoReturn:
    os._exit(Exit.TERMINATED)


if __name__ == "__main__":
    leave(main())
