"""
The health check of a container with one of Airflow's components: `python -m airflow_mesos.health`.

Its status is 0 if all is in order. Asked every half minute in each container, so it does without Airflow, which would
take 2 s to import: the api-server must answer, the others' heartbeats in the database must be young.
"""

from __future__ import annotations

import os
import socket
import sys
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

#: A container of another kind, like a task's, has nothing to check.
_JOBS = {"scheduler": "SchedulerJob", "dag-processor": "DagProcessorJob", "triggerer": "TriggererJob"}

#: Seconds. Heartbeats come every 5 s from a component at leisure.
_OLDEST_BEAT = 60.0


def main() -> int:
    """Check the component that is this container's main process; what it lacks goes to standard output."""
    component = component_in(Path("/proc/1/cmdline").read_bytes())
    lack = None
    if component == "api-server":
        lack = api_server_lack(int(os.environ.get("AIRFLOW__API__PORT", "8080")))
    elif component in _JOBS:
        lack = beat_lack(_JOBS[component])
    if lack is None:
        return 0
    sys.stdout.write(f"{lack}\n")
    return 1


def component_in(command_line: bytes) -> str | None:
    """Find the component's name in a process' command line, which may begin with Docker's init."""
    words = command_line.decode(errors="replace").split("\0")
    if "airflow_mesos.container" not in words[:-1]:
        return None
    return words[words.index("airflow_mesos.container") + 1]


def api_server_lack(port: int) -> str | None:
    """Ask the api-server for its version."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/api/v2/version")
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        return f"does not answer: {error}"
    finally:
        connection.close()
    return None if status == 200 else f"answers {status}"


def beat_lack(job_type: str) -> str | None:
    """Look for the component's last heartbeat."""
    from airflow_mesos.database import Database, database_url  # noqa: PLC0415 - not for the api-server
    from airflow_mesos.errors import DatabaseError  # noqa: PLC0415

    try:
        with closing(Database(database_url())) as database:
            age = database.seconds_since_beat(job_type, socket.gethostname())
    except DatabaseError as error:
        return f"cannot be checked: {error}"
    if age is None:
        return "has not been heard of yet"
    return None if age < _OLDEST_BEAT else f"was last heard of {age:.0f} s ago"


if __name__ == "__main__":
    sys.exit(main())
