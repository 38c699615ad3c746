"""
Ending a task that was told to end and does not.

Airflow's supervisor hands SIGTERM on to the task's process, which calls `on_kill` of the operator and goes on: that of
a Python function does nothing. Mesos would wait for its whole grace period and then kill supervisor and task alike, so
that nobody were left to write the log's end and to tell Airflow. So the task is given as long as Airflow itself gives
it when its state was set by someone (5 s), and is then ended while the supervisor watches.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

#: Seconds from SIGTERM to SIGINT, and from there to SIGKILL.
PATIENCE = 5.0


def end_in_time(say: Callable[[str], None]) -> None:
    """
    Watch for SIGTERM from now on, whoever handles it, and see to it that the children of this process end.

    Call it once, in the main thread, before the task's process is forked. The interpreter writes the number of each
    signal that arrives to a socket; a thread reads there. It starts only after the fork, which threads do not survive
    and of which Python 3.12 warns where there are any.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    thread = threading.Thread(target=_watch, args=(reader, say), name="end-in-time", daemon=True)

    def in_parent() -> None:
        if thread.ident is None:
            thread.start()

    def in_child() -> None:
        # The task's own signals are no matter of its supervisor's.
        with suppress(ValueError):
            signal.set_wakeup_fd(-1)
        reader.close()
        writer.close()

    # This also keeps both ends alive for as long as this process lives.
    os.register_at_fork(after_in_parent=in_parent, after_in_child=in_child)


def _watch(reader: socket.socket, say: Callable[[str], None]) -> None:
    while signal.SIGTERM not in reader.recv(64):
        pass
    for sign in (signal.SIGINT, signal.SIGKILL):
        time.sleep(PATIENCE)
        say(f"The task does not end. It is sent {sign.name}.")
        _signal_children(sign)


def _signal_children(sign: signal.Signals) -> None:
    import psutil  # noqa: PLC0415 - a part of Airflow's environment

    for child in psutil.Process().children():
        # The supervisor has put the task into a group of its own, which whatever it started is in as well.
        with suppress(ProcessLookupError, PermissionError):
            if os.getpgid(child.pid) == child.pid:
                os.killpg(child.pid, sign)
            else:
                os.kill(child.pid, sign)
