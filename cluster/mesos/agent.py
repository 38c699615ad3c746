"""
Holds an agent of Apache's Mesos in a container: `python agent.py mesos-agent`, which takes its flags from MESOS_*.

What Apache's agent cannot do by itself in Docker:

- It ends where the master's name is not known yet: it is started once the master answers.
- It looks the master's name up once, and a container has another address after a restart: it is started again then. Its
  tasks go on meanwhile, as the Mesos containerizer has it, and it finds them again.
- It recovers tasks by their process ids, which belong to other processes after a restart of the container. So at the
  container's start it is told what is true: that its machine was started anew. Then no process is looked for, what
  ran is reported as ended, and an agent with other resources or attributes is taken as a new one.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

#: Seconds between two looks at the master's address.
LOOK_EVERY = 5.0
#: Seconds between two tries to reach a master that isn't there yet.
TRY_EVERY = 0.5
#: Mesos keeps what concerns processes there; after a start of the machine it is empty.
RUNTIME = Path("/var/run/mesos")

stopping = threading.Event()


def main() -> int:
    """Run the agent until it ends by itself or the container is to stop; return its status."""
    if len(sys.argv) < 2:
        sys.exit("Name the agent's program.")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    note_new_start(Path(os.environ["MESOS_WORK_DIR"]))
    host, _, port = os.environ["MESOS_MASTER"].rpartition(":")
    while not stopping.is_set():
        address = wait_for_master(host, int(port))
        if address is None:
            break
        status = run_agent(host, address)
        if status is not None:
            return status
    return 0


def note_new_start(work: Path) -> None:
    """Forget the processes of the container's last life."""
    shutil.rmtree(RUNTIME, ignore_errors=True)
    boot = work / "meta" / "boot_id"
    if boot.exists():
        boot.write_text("the container was started anew")
    # Tasks run as another user, in sandboxes below it.
    work.mkdir(mode=0o755, parents=True, exist_ok=True)


def wait_for_master(host: str, port: int) -> str | None:
    """Return the master's address once it answers; None where the container is to stop before."""
    told = False
    while not stopping.is_set():
        address = look_up(host)
        if address is not None and is_healthy(address, port):
            return address
        if not told:
            say(f"waiting for the master at {host}:{port}")
            told = True
        stopping.wait(TRY_EVERY)
    return None


def look_up(host: str) -> str | None:
    """Return a host's first address, or None of one that is not known now."""
    try:
        return str(socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)[0][4][0])
    except OSError:
        return None


def is_healthy(address: str, port: int) -> bool:
    """Whether a master answers; nobody has to log in for that."""
    connection = http.client.HTTPConnection(address, port, timeout=2)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    except http.client.HTTPException:
        return False
    finally:
        connection.close()


def run_agent(host: str, address: str) -> int | None:
    """Run the agent; return its status, or None where it was ended because the master has another address now."""
    agent = subprocess.Popen(sys.argv[1:])
    moved = False
    while agent.poll() is None:
        if stopping.wait(LOOK_EVERY):
            break
        now = look_up(host)
        # A master that is away for a moment has no address at all.
        if now is not None and now != address:
            say(f"the master has moved from {address} to {now}: the agent is started again")
            moved = True
            break
        address = now or address
    if agent.poll() is None:
        agent.terminate()
    status = agent.wait()
    return None if moved else status if not stopping.is_set() else 0


def say(line: str) -> None:
    """Add a line to the container's log."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
