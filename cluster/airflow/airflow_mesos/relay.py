"""
Carries standard input and output to the Unix socket of a debug copy: `python relay.py [SECONDS]`.

Started in the copy's sandbox by whoever attaches a debugger to it (debug.py). It needs nothing but the standard
library, and nothing of the environment: a process that Mesos puts beside a task inherits none of it.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

#: Below the sandbox. A path that is short, however long that of the sandbox is: a Unix socket's has some 100 letters.
SOCKET = "debug/socket"

#: Seconds for which a copy that has only just been started is waited for.
_PATIENCE = 60.0

_CANNOT = 69


def main(arguments: list[str]) -> int:
    """Connect, carry both ways, and end when the copy hangs up."""
    patience = float(arguments[0]) if arguments else _PATIENCE
    try:
        connection = _connected(time.monotonic() + patience)
    except OSError as error:
        sys.stderr.write(f"There is no debug copy to be reached from {Path.cwd()}: {error}\n")
        return _CANNOT
    threading.Thread(target=_carry_in, args=(connection,), daemon=True).start()
    # A copy that is killed resets the connection: an end as any other.
    with suppress(ConnectionError):
        while data := connection.recv(65536):
            _write(data)
    return 0


def _connected(until: float) -> socket.socket:
    while True:
        try:
            return _connect()
        except OSError:
            if time.monotonic() >= until:
                raise
        time.sleep(0.1)


def _connect() -> socket.socket:
    # Of a nested container of Apache Mesos the sandbox lies inside that of the task.
    folders = [Path(), Path(os.environ.get("MESOS_SANDBOX") or "."), Path("../..")]
    folder = next((each for each in folders if (each / SOCKET).exists()), Path())
    connection = socket.socket(socket.AF_UNIX)
    before = Path.cwd()
    os.chdir(folder)
    try:
        connection.connect(SOCKET)
    except OSError:
        connection.close()
        raise
    finally:
        os.chdir(before)
    return connection


def _carry_in(connection: socket.socket) -> None:
    with suppress(OSError):
        while data := os.read(0, 65536):
            connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)


def _write(data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(1, left) :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
