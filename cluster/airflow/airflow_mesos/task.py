"""
The first process of a task on an agent: `python -m airflow_mesos.task`.

Mesos shows a task's environment to whoever may ask, so what is secret is not in it. What is there is a ticket, which
the service exchanges once, soon after the launch, for the workload and the workspace's variables. The ticket leaves
the environment before any code of the task's runs; that the kernel keeps the first environment of a process readable
in /proc is of no use to anybody, since the ticket is spent by then. Nothing that it bought is written to a file: an
agent serves every file of a sandbox.

Then the workload runs as in Airflow's own `execute_workload` (airflow/sdk/execution_time/execute_workload.py, 3.3.2),
but with text on standard output. Airflow's supervisor, which this process becomes, tells Airflow how the task ends.
It hands SIGTERM on to the task, so that `on_kill` runs; what does not end by that is ended (ending.py).

Exit status:

| status | meaning |
|---|---|
| 0 | Airflow knows how it ended, well or not; or this attempt is superseded, and the service knows that |
| 65 | this version of Airflow cannot read the workload |
| 68 | Airflow's execution API cannot be reached |
| 69 | the Mesos Airflow service cannot be reached |
| 70 | Airflow failed to run the workload; the traceback is on standard error |
| 77 | the ticket or the task's token was refused |
| 78 | the environment is incomplete |
| 143 | told to end (SIGTERM) before the task had begun |
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import secrets
import signal
import socket
import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn

from airflow_mesos.client import Redeemed, TicketClient
from airflow_mesos.ending import end_in_time
from airflow_mesos.errors import ServiceError, ServiceRefusedError, SettingError
from airflow_mesos.http import HttpClient, patiently
from airflow_mesos.sandbox import furnish

URL = "MESOS_AIRFLOW_URL"
TICKET = "MESOS_AIRFLOW_TICKET"

#: Seconds: a service that is being started again is waited for; so is a word that must not get lost.
_REDEEM_PATIENCE = 60.0
_REPORT_PATIENCE = 300.0


class Exit(IntEnum):
    """How this process ends; the numbers that can be are those of sysexits.h."""

    DONE = 0
    BAD_WORKLOAD = 65
    NO_EXECUTION_API = 68
    NO_SERVICE = 69
    FAILED = 70
    REFUSED = 77
    BAD_ENVIRONMENT = 78
    TERMINATED = 143


class TaskEndError(Exception):
    """The task cannot be run: the exit status, and what to tell a person."""

    def __init__(self, status: Exit, why: str) -> None:
        super().__init__(why)
        self.status = status


class SupersededError(Exception):
    """Airflow does not want this attempt: the task runs elsewhere, or its state was set by someone."""


def main(environ: MutableMapping[str, str] = os.environ) -> int:
    """Run the task that the ticket in the environment is for; give the exit status."""
    speak_utf8()
    signal.signal(signal.SIGTERM, _end_early)
    try:
        tickets, redeemed = redeem(environ)
        prepare(environ, redeemed)
        try:
            _run(redeemed.workload)
        except SupersededError as reason:
            say(f"This attempt is superseded: {reason}")
            _report(tickets, redeemed.receipt, "superseded")
    except TaskEndError as end:
        complain(str(end))
        return end.status
    return Exit.DONE


def redeem(environ: MutableMapping[str, str]) -> tuple[TicketClient, Redeemed]:
    """Exchange the ticket of the environment, which it then has no more; TaskEndError where that cannot be."""
    url, ticket = environ.pop(URL, ""), environ.pop(TICKET, "")
    for name, value in ((URL, url), (TICKET, ticket)):
        if not value:
            why = (
                f"{name} is not set. This program is started by the Mesos Airflow framework, as a Mesos task."
            )
            raise TaskEndError(Exit.BAD_ENVIRONMENT, why)
    receipt = secrets.token_urlsafe(32)
    try:
        tickets = TicketClient(HttpClient(url))
        return tickets, patiently(lambda: tickets.redeem(ticket, receipt), limit=_REDEEM_PATIENCE)
    except SettingError as error:
        raise TaskEndError(Exit.BAD_ENVIRONMENT, f"{URL}: {error}") from None
    except ServiceRefusedError as refusal:
        why = f"{refusal} A ticket is good once, for the attempt that it was made for, and not for long."
        raise TaskEndError(Exit.REFUSED, why) from None
    except ServiceError as error:
        why = f"{error} It was asked for {_REDEEM_PATIENCE:.0f} s. Agents must be able to reach it."
        raise TaskEndError(Exit.NO_SERVICE, why) from None


def prepare(environ: MutableMapping[str, str], redeemed: Redeemed) -> None:
    """Set up the surroundings that the task expects; TaskEndError where the sandbox cannot be written."""
    try:
        furnish(environ, redeemed.env)
    except OSError as error:
        raise TaskEndError(Exit.BAD_ENVIRONMENT, f"The sandbox cannot be written: {error}") from None


def _report(tickets: TicketClient, receipt: str, outcome: str) -> None:
    """Tell the service, or the end of this process would be taken for the end of the task that runs elsewhere."""
    try:
        patiently(lambda: tickets.report(receipt, outcome), limit=_REPORT_PATIENCE)
    except ServiceRefusedError as refusal:
        raise TaskEndError(Exit.REFUSED, str(refusal)) from None
    except ServiceError as error:
        raise TaskEndError(Exit.NO_SERVICE, str(error)) from None


def _run(workload_data: dict[str, Any]) -> None:
    """Import Airflow and have it run the workload to its end."""
    # Nothing of what is imported is garbage: collecting meanwhile costs a sixth of the time that importing takes, and
    # frozen it stays shared with the task's process, which is forked off this one.
    gc.disable()
    try:
        from airflow import __version__ as airflow_version  # noqa: PLC0415
        from airflow.executors import workloads  # noqa: PLC0415
        from airflow.executors.base_executor import BaseExecutor  # noqa: PLC0415
        from airflow.settings import dispose_orm  # noqa: PLC0415
        from pydantic import ValidationError  # noqa: PLC0415

        from airflow_mesos.textlog import write_text_logs  # noqa: PLC0415
    except ImportError as error:
        why = f"Airflow cannot be imported by {sys.executable}: {error}"
        raise TaskEndError(Exit.BAD_ENVIRONMENT, why) from None
    try:
        workload = workloads.ExecuteTask.model_validate_json(json.dumps(workload_data))
    except ValidationError as error:
        # Its own text would quote the workload, the token in it.
        fields = ", ".join(sorted({".".join(map(str, each["loc"])) for each in error.errors()}))
        why = f"Airflow {airflow_version} on this agent cannot read the workload ({fields}): another version?"
        raise TaskEndError(Exit.BAD_WORKLOAD, why) from None
    ti = workload.ti
    name = f"{ti.dag_id}.{ti.task_id}" + (f"[{ti.map_index}]" if ti.map_index >= 0 else "")
    say(
        f"{name}, run {ti.run_id}, try {ti.try_number}: Airflow {airflow_version}, "
        f"Python {sys.version.split()[0]}, {socket.gethostname()}, {Path.cwd()}"
    )
    # As execute_workload does: no connection of a database shall be inherited by the task.
    dispose_orm(do_log=False)
    write_text_logs()
    gc.freeze()
    gc.enable()
    end_in_time(say)
    try:
        BaseExecutor.run_workload(workload, subprocess_logs_to_stdout=True, proctitle=f"airflow task {name}")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        raise _reason_of(error) from None


def _reason_of(error: Exception) -> Exception:
    """Say what an exception of Airflow's supervisor means for this attempt."""
    import httpx  # noqa: PLC0415
    from airflow.sdk.api.client import ServerResponseError  # noqa: PLC0415
    from airflow.sdk.exceptions import TaskAlreadyRunningError  # noqa: PLC0415

    if isinstance(error, TaskAlreadyRunningError):
        return SupersededError("the task runs elsewhere already.")
    if isinstance(error, ServerResponseError):
        status = error.response.status_code
        detail = getattr(error, "detail", None) or str(error)
        if status in (404, 409, 410):
            # Marked, cleared or deleted while it waited, or while it ran.
            return SupersededError(f"Airflow does not wait for it any more ({status}: {detail}).")
        if status in (401, 403):
            why = (
                f"Airflow's execution API refused the task's token ({status}: {detail}). It is good for [scheduler] "
                "task_queued_timeout after the task is queued; raise that where tasks wait longer for an offer."
            )
            return TaskEndError(Exit.REFUSED, why)
    if isinstance(error, httpx.RequestError):
        url = os.environ.get("AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "")
        why = f"Airflow's execution API at {url} cannot be reached: {error}. Agents must be able to."
        return TaskEndError(Exit.NO_EXECUTION_API, why)
    traceback.print_exception(error, file=sys.stderr)
    return TaskEndError(Exit.FAILED, f"Airflow could not run the task: {type(error).__name__}: {error}")


def speak_utf8(module: str = "airflow_mesos.task") -> None:
    """
    Begin anew in Python's UTF-8 mode where the locale's encoding is another one.

    The task's process reads and writes by that encoding, and its log must hold all that people write. C and POSIX,
    or no locale at all, which is what Mesos gives, mean UTF-8 to Python anyway.
    """
    if sys.flags.utf8_mode or sys.getfilesystemencoding().lower() == _locale_encoding() == "utf-8":
        return
    if os.environ.get("PYTHONUTF8") != "1":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, "-m", module])  # noqa: S606 - itself


def _locale_encoding() -> str:
    import locale  # noqa: PLC0415

    return locale.getencoding().lower()


def _end_early(_signal: int, _frame: object) -> NoReturn:
    # Airflow's supervisor puts its own handler in place once the task runs.
    os.write(2, log_line("ERROR", "Told to end (SIGTERM) before the task had begun.").encode())
    os._exit(Exit.TERMINATED)


def say(text: str) -> None:
    """Write a line to standard output, as the task's own are written."""
    sys.stdout.write(log_line("INFO", text))
    sys.stdout.flush()


def complain(text: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(log_line("ERROR", text))
    sys.stderr.flush()


def log_line(level: str, text: str) -> str:
    """Draw a line as textlog does, which needs Airflow."""
    now = datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return f"{now} {level:<8} airflow_mesos.task {text}\n"


def leave(status: int) -> NoReturn:
    """End without taking apart what was imported: that would hold the agent's resources for some 0.3 s of CPU more."""
    atexit._run_exitfuncs()  # noqa: SLF001 - as Airflow's supervisor ends its child
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    leave(main())
