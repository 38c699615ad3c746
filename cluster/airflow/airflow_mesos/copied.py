"""
The process of a debug copy: parses the DAG and runs one task's code, with a debugger attached.

It is what `dag.test()` does with one task, in Airflow's own words (`InProcessTestSupervisor` of airflow.sdk 3.3), but
with a client of the execution API that keeps all to itself (scratch.py), so that no database is needed, nor made.
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from airflow_mesos.client import CopyClient
from airflow_mesos.task import Exit, complain, say


def run_copy(order: dict[str, Any], reads: CopyClient, port: Callable[[], int]) -> int:
    """Get ready, wait for the debugger, run the copy, and say how it ended. Called in a process of its own."""
    # Whatever the task's code asks of a person has nobody to answer.
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a device
        os.dup2(nothing.fileno(), 0)
    # Else debugpy warns on standard error of modules that Python has frozen, where nobody sets breakpoints.
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    # While nobody is attached yet: that takes seconds, and more of them under a debugger.
    try:
        copy = _Copy(order, reads)
        import debugpy  # noqa: PLC0415, T100 - its folder is known since a moment; this is what it is for
    except ImportError as error:
        complain(f"Airflow or debugpy cannot be imported by {sys.executable}: {error}")
        return Exit.BAD_ENVIRONMENT
    debugpy.configure(subProcess=False)
    debugpy.connect(("127.0.0.1", port()))
    debugpy.wait_for_client()  # noqa: T100
    return copy.run()


class _Through:
    """What is written goes to standard output as that is just then: a debugger puts its own in its place."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


class _Copy:
    """One task instance, its DAG not yet parsed. Importing Airflow is what takes long."""

    def __init__(self, order: dict[str, Any], reads: CopyClient) -> None:
        import httpx  # noqa: PLC0415 - Airflow and what comes with it: not before the order is there
        from airflow.sdk.api.client import Client  # noqa: PLC0415
        from airflow.sdk.api.datamodels._generated import TaskInstance  # noqa: PLC0415
        from airflow.sdk.execution_time import task_runner  # noqa: F401, PLC0415 - it takes long
        from airflow.sdk.execution_time.supervisor import InProcessTestSupervisor  # noqa: F401, PLC0415

        from airflow_mesos.scratch import ScratchApi  # noqa: PLC0415
        from airflow_mesos.textlog import write_text_logs  # noqa: PLC0415

        class Own(Client):
            """Airflow's client without its repetitions: nothing here fails but for good."""

            def request(self, *args: Any, **kwargs: Any) -> Any:
                return Client.request.__wrapped__(self, *args, **kwargs)

        write_text_logs(_Through())  # type: ignore[arg-type]
        key = order["key"]
        self._order = order
        self._api = ScratchApi(order["run"], int(order.get("max_tries") or 0), reads)
        self._client = Own(base_url=None, token="", dry_run=True, transport=httpx.MockTransport(self._api))
        # Ids of its own: by none of them could it reach the instance of the run.
        self._what = TaskInstance(
            id=uuid.uuid4(),
            dag_version_id=uuid.uuid4(),
            **{name: key[name] for name in ("dag_id", "run_id", "task_id", "map_index", "try_number")},
        )

    def run(self) -> int:
        """Run to the end; the exit status says whether there was a task to be run."""
        key = self._order["key"]
        name = f"{key['dag_id']}.{key['task_id']}" + (
            f"[{key['map_index']}]" if key["map_index"] >= 0 else ""
        )
        say(f"A copy of {name}, run {key['run_id']}: nothing of what it does reaches the run.")
        with self._comms():
            task = self._parse()
        if task is None:
            return Exit.FAILED
        state = self._run(task)
        say(f"The copy has ended: {state}.")
        return Exit.DONE

    def _parse(self) -> Any:
        from datetime import UTC, datetime  # noqa: PLC0415

        import structlog  # noqa: PLC0415
        from airflow.sdk.api.datamodels._generated import BundleInfo  # noqa: PLC0415
        from airflow.sdk.exceptions import AirflowRescheduleException  # noqa: PLC0415
        from airflow.sdk.execution_time import task_runner  # noqa: PLC0415
        from airflow.sdk.execution_time.comms import StartupDetails  # noqa: PLC0415

        now = datetime.now(tz=UTC)
        what = StartupDetails(
            ti=self._what,
            dag_rel_path=self._order["dag_rel_path"],
            bundle_info=BundleInfo(name=self._order["bundle"]),
            start_date=now,
            ti_context=self._client.task_instances.start(self._what.id, os.getpid(), now),
            sentry_integration="",
        )
        try:
            return task_runner.parse(what, structlog.get_logger(logger_name="task")).task
        except (SystemExit, AirflowRescheduleException):
            complain(f"The task is not in {self._order['dag_rel_path']} as it is now.")
            return None

    def _run(self, task: Any) -> str:
        from airflow.sdk.execution_time.comms import DeferTask  # noqa: PLC0415
        from airflow.sdk.execution_time.supervisor import run_task_in_process  # noqa: PLC0415

        while True:
            result = run_task_in_process(ti=self._what, task=task, client=self._client)
            if not isinstance(result.msg, DeferTask):
                return str(getattr(result.state, "value", result.state))
            say("The task defers itself: its trigger runs here.")
            self._api.resume_at(result.msg.next_method, self._next_arguments(result.msg))

    def _next_arguments(self, defers: Any) -> Any:
        """Wait for the trigger's event, as `dag.test()` does."""
        import asyncio  # noqa: PLC0415

        from airflow.sdk._shared.module_loading import import_string  # noqa: PLC0415
        from airflow.sdk.serde import deserialize, serialize  # noqa: PLC0415

        async def first(trigger: Any) -> Any:
            return await anext(trigger.run(), None)

        with self._comms():
            trigger = import_string(defers.classpath)(**(deserialize(defers.trigger_kwargs) or {}))
            event = asyncio.run(first(trigger))
        return {"event": serialize(event.payload)} if event else defers.next_kwargs

    @contextmanager
    def _comms(self) -> Iterator[None]:
        """Have what the DAG's file or a trigger asks of Airflow (a variable, say) answered as the task is."""
        import psutil  # noqa: PLC0415
        import structlog  # noqa: PLC0415
        from airflow.sdk.execution_time.supervisor import (  # noqa: PLC0415
            InProcessSupervisorComms,
            InProcessTestSupervisor,
            set_supervisor_comms,
        )

        supervisor = InProcessTestSupervisor(
            id=self._what.id,
            pid=os.getpid(),
            process=psutil.Process(),
            process_log=structlog.get_logger(logger_name="task"),
            client=self._client,
        )
        supervisor.comms = InProcessSupervisorComms(supervisor=supervisor)
        with set_supervisor_comms(supervisor.comms):
            yield
