"""
Airflow's executor: hands workloads to the Mesos Airflow service and tells the scheduler what became of them.

    [core] executor = airflow_mesos.executor.MesosExecutor

or, beside others, with an alias: `LocalExecutor,mesos:airflow_mesos.executor.MesosExecutor`. The scheduler, the
api-server and the dag-processor import this module; settings.py lists the options of section [mesos].
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.executors.base_executor import BaseExecutor
from airflow.executors.workloads import ExecuteTask
from airflow.utils.state import TaskInstanceState
from sqlalchemy.exc import SQLAlchemyError

from airflow_mesos.client import DeploymentClient, TaskEvent
from airflow_mesos.errors import (
    ExecutorConfigError,
    ServiceError,
    ServiceRefusedError,
    SettingError,
)
from airflow_mesos.follower import EventFollower, Missing
from airflow_mesos.http import patiently
from airflow_mesos.ledger import Entry, Ledger
from airflow_mesos.outage import Outage
from airflow_mesos.queued import QueuedTasks
from airflow_mesos.requests import Request, batches, request_of
from airflow_mesos.settings import Settings, settings_from
from airflow_mesos.tasklog import executor_log
from airflow_mesos.unwanted import UnwantedTasks

if TYPE_CHECKING:
    from airflow.executors.workloads import ExecutorWorkload
    from airflow.models.taskinstance import TaskInstance
    from airflow.models.taskinstancekey import TaskInstanceKey

#: Seconds that the scheduler's loop waits for one answer.
_LOOP_TIMEOUT = 5.0

#: Seconds that adoption waits for a service which is just being started again.
_ADOPTION_PATIENCE = 10.0

#: Of a whole batch: 400 and 422 malformed, 413 too large. The tasks of it are then tried one by one.
_FAULT_OF_THE_BATCH = (400, 413, 422)


class MesosExecutor(BaseExecutor):
    """
    Runs tasks on Mesos through the service's framework.

    The scheduler pre-assigns a UUID to each queued task; it is the request's id with the framework, which makes every
    call here safe to repeat and lets another scheduler adopt what this one leaves. A task keeps its slot until the
    framework says that its process has ended. The constructor does nothing but keep things in order, since the
    api-server makes an executor merely to read logs.
    """

    pre_assigns_external_executor_id: ClassVar[bool] = True
    is_local = False
    is_production = True
    serve_logs = False
    supports_ad_hoc_ti_run = False
    supports_callbacks = False
    supports_connection_test = False
    supports_multi_team = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._queued = QueuedTasks(self)
        self._ledger = Ledger()
        self._settings: Settings | None = None
        self._client: DeploymentClient | None = None
        self._follower: EventFollower | None = None
        self._outage = Outage(self.log, "Tasks stay queued until it does.")
        self._unwanted = UnwantedTasks(self._ledger, self._queued)
        # Ids of which the framework may know nothing, and ids that it has not been told yet to drop.
        self._missing: set[str] = set()
        self._to_revoke: set[str] = set()

    def start(self) -> None:
        """Read section [mesos] and begin to follow events. SettingError if an option is missing or wrong."""
        self._settings = settings_from(self.conf)
        self._client = self._settings.client(timeout=_LOOP_TIMEOUT)
        self._follower = EventFollower(self._client, self._ledger.ids, self.log)
        self._follower.ensure_running()
        self.log.info(
            "Tasks run on Mesos through %s, as deployment %s.",
            self._settings.url,
            self._settings.deployment,
        )

    # Submitting

    def _process_workloads(self, workload_items: Sequence[ExecutorWorkload]) -> None:
        """
        Hand workloads to the framework.

        What it cannot be asked about stays in the queue, and the next heartbeat offers it again: the scheduler waits
        without a try being lost.
        """
        if self._client is None or self._outage.hold_off:
            return
        # Of other kinds queue_workload lets nothing in.
        tasks = [item for item in workload_items if isinstance(item, ExecuteTask)]
        requests = [request for task in tasks if (request := self._request(task)) is not None]
        for batch in batches(requests):
            if not self._submit(batch):
                return

    def _request(self, workload: ExecuteTask) -> Request | None:
        key = workload.ti.key
        # Outside the scheduler (dag.test) nobody pre-assigns: the id made at the first attempt is kept.
        id_ = workload.ti.external_executor_id or self._ledger.id_of(key) or str(uuid.uuid4())
        try:
            return request_of(workload, id_, self._settings.defaults if self._settings else {})
        except ExecutorConfigError as error:
            self._give_up(key, str(error))
        return None

    def _submit(self, batch: Sequence[Request]) -> bool:
        """Submit and say whether it makes sense to go on."""
        begun = time.monotonic()
        for request in batch:
            # Before the call: an event can be faster than the answer.
            self._ledger.note(request.id, request.key, begun)
        try:
            answer = self._service.submit([request.body for request in batch], timeout=_LOOP_TIMEOUT)
        except ServiceRefusedError as refusal:
            if refusal.status not in _FAULT_OF_THE_BATCH:
                self._outage.failed(refusal, time.monotonic() - begun)
                return False
            if len(batch) == 1:
                self._give_up(batch[0].key, str(refusal))
                return True
            return all(self._submit([request]) for request in batch)
        except ServiceError as error:
            self._outage.failed(error, time.monotonic() - begun)
            return False
        self._outage.over()
        for id_ in answer.accepted:
            if entry := self._ledger.find(id_):
                self._is_accepted(entry)
        for id_, reason in answer.refused.items():
            if entry := self._ledger.find(id_):
                self._give_up(entry.key, f"The Mesos framework refused the task: {reason}")
        return True

    def _is_accepted(self, entry: Entry) -> None:
        self._queued.take(entry.key)
        self.running.add(entry.key)

    def _give_up(self, key: TaskInstanceKey, why: str) -> None:
        self._queued.take(key)
        if id_ := self._ledger.id_of(key):
            self._ledger.drop(id_)
        self.log.warning("Task %s fails: %s", key, why)
        self.fail(key, info=why)

    # Hearing

    def sync(self) -> None:
        """Take what the framework told since the last time. Calls the service only to settle open questions."""
        if self._follower is None:
            return
        self._follower.ensure_running()
        for news in self._follower.take():
            if isinstance(news, Missing):
                self._missing.add(news.id)
            else:
                self._heed(news)
        self._to_revoke.update(self._withdraw_unwanted())
        self._settle_missing()
        self._settle_revocations()

    def _heed(self, event: TaskEvent) -> None:
        entry = self._ledger.find(event.id)
        if entry is None:
            return  # Another scheduler's, or of a request that a newer one took the place of.
        key = entry.key
        if key in self._queued:
            if self._queued.id_of(key) not in (None, event.id):
                # The task is queued again already, under a new id.
                if event.terminal:
                    self._forget(entry)
                return
            # The answer to its submission was lost; this is as good.
            self._is_accepted(entry)
        match event.state:
            case "running" if not entry.begun:
                entry.begun = True
                # The scheduler stores this info as the external executor id.
                self.running_state(key, info=event.id)
            case "finished":
                self._ledger.drop(event.id)
                self.success(key, info=_info(event))
            case "failed" | "killed" | "lost":
                self._ledger.drop(event.id)
                self.fail(key, info=_info(event))
            case "superseded":
                # The task runs elsewhere, or Airflow wants it no more: neither success nor failure.
                self._forget(entry)
            case "queued" if event.info:
                self.log_task_event(event="mesos: launched again", extra=_info(event), ti_key=key)

    def _forget(self, entry: Entry) -> None:
        self._ledger.drop(entry.id)
        self.running.discard(entry.key)

    def _settle_missing(self) -> None:
        """Ask once more about ids that the framework did not know, from the thread that also submits."""
        if self._outage.hold_off:
            return
        doubtful = {id_ for id_ in self._missing if self._counts_as_submitted(id_)}
        self._missing.clear()
        if not doubtful:
            return
        begun = time.monotonic()
        try:
            states = self._service.states(doubtful, timeout=_LOOP_TIMEOUT)
        except ServiceError as error:
            self._missing = doubtful
            self._outage.failed(error, time.monotonic() - begun)
            return
        self._outage.over()
        for event in states.tasks:
            self._heed(event)
        for id_ in states.unknown:
            if entry := self._ledger.find(id_):
                why = f"The Mesos framework does not know request {id_} any more: its store is another one."
                self._give_up(entry.key, why)

    def _counts_as_submitted(self, id_: str) -> bool:
        entry = self._ledger.find(id_)
        return entry is not None and entry.key not in self._queued

    # Taking back

    def revoke_task(self, *, ti: TaskInstance) -> None:
        """Make certain that a task stuck in the queue never starts; the scheduler queues it anew."""
        key = ti.key
        self._queued.take(key)
        self.running.discard(key)
        self.event_buffer.pop(key, None)
        for id_ in (self._ledger.id_of(key), ti.external_executor_id):
            if id_:
                self._ledger.drop(id_)
                self._to_revoke.add(id_)
        self._settle_revocations()

    def _withdraw_unwanted(self) -> list[str]:
        """Let go of tasks that someone marked as done while they waited; give their ids."""
        try:
            unwanted = self._unwanted.find(time.monotonic())
        except SQLAlchemyError as error:
            self.log.warning("Airflow's database did not tell which tasks are still wanted: %s", error)
            return []
        for entry in unwanted:
            self.log.info("Task %s waits on Mesos, but Airflow wants it no more: taken back.", entry.key)
            self._forget(entry)
        return [entry.id for entry in unwanted]

    def _settle_revocations(self) -> None:
        if not self._to_revoke or self._client is None or self._outage.hold_off:
            return
        begun = time.monotonic()
        try:
            reason = "Airflow took it back."
            answer = self._client.revoke(sorted(self._to_revoke), reason, timeout=_LOOP_TIMEOUT)
        except ServiceError as error:
            self._outage.failed(error, time.monotonic() - begun)
            return
        self._outage.over()
        self._to_revoke.clear()
        for id_ in answer.running:
            self.log.info("Request %s had begun; it is being killed.", id_)

    # Handing over between schedulers

    def try_adopt_task_instances(self, tis: Sequence[TaskInstance]) -> Sequence[TaskInstance]:
        """
        Take over the tasks of a dead scheduler; give back those that the framework does not know.

        The framework tells the present state of each, a final one too, so that what happened meanwhile is not lost.
        Where it cannot be reached for a while, all are taken over and asked about later: resetting them would run
        twice what still runs.
        """
        if self._client is None:
            return tis
        wanted = {ti.external_executor_id: ti for ti in tis if ti.external_executor_id}
        left = [ti for ti in tis if not ti.external_executor_id]
        now = time.monotonic()
        for id_, ti in wanted.items():
            # Before the call, so that nothing which happens after the answer is missed.
            self._ledger.note(id_, ti.key, now)
        client = self._client
        try:
            states = patiently(lambda: client.states(wanted), limit=_ADOPTION_PATIENCE)
        except ServiceError as error:
            self._outage.failed(error, time.monotonic() - now)
            self.running.update(ti.key for ti in wanted.values())
            self._missing.update(wanted)
            return left
        for event in states.tasks:
            ti = wanted[event.id]
            self.running.add(ti.key)
            self._heed(event)
            if event.state == "superseded" and ti.state == TaskInstanceState.QUEUED:
                left.append(ti)
        for id_ in states.unknown:
            self._ledger.drop(id_)
            # Should the dead scheduler awake and submit it after all, it is refused.
            self._to_revoke.add(id_)
            left.append(wanted[id_])
        self.log.info("Adopted %d of %d task instances.", len(tis) - len(left), len(tis))
        return left

    def end(self) -> None:
        """Let go without waiting: the tasks run on, and the next scheduler adopts them."""
        if self._follower is not None:
            self._follower.stop()
        self._settle_revocations()
        if self._ledger:
            self.log.info("Tasks that run on, for the next scheduler to adopt: %d.", len(self._ledger))

    def terminate(self) -> None:
        """
        Kill every task of this scheduler's.

        Airflow 3.3 never calls this: its scheduler ends by `end`, on SIGTERM too, and leaves tasks to its successor.
        """
        if self._client is None:
            return
        try:
            self._client.kill(self._ledger.ids(), "Airflow's executor was terminated.")
        except ServiceError as error:
            self.log.warning("The tasks could not be killed. %s", error)

    # Looking

    def get_task_log(self, ti: TaskInstance, try_number: int) -> tuple[list[str], list[str]]:
        """Give a running task's log from its sandbox. Called in the api-server, on an executor never started."""
        try:
            client = self._client or settings_from(self.conf).client()
        except SettingError as error:
            return [str(error)], []
        return executor_log(client, ti, try_number)

    def debug_dump(self) -> None:
        """Log what is known, on SIGUSR2 of the scheduler."""
        super().debug_dump()  # type: ignore[no-untyped-call] # Airflow's
        lines = _lines(
            f"{entry.id} {'begun' if entry.begun else ''} {entry.key}" for entry in self._ledger.entries()
        )
        self.log.info("requests with the Mesos framework (%d)\n\t%s", len(self._ledger), lines)

    @property
    def _service(self) -> DeploymentClient:
        if self._client is None:
            raise RuntimeError("MesosExecutor is used before start().")
        return self._client


def _info(event: TaskEvent) -> str:
    """Say for a person what became of a task; Airflow shows it where a task's end surprises."""
    what = event.info.strip() or f"The Mesos task is {event.state}."
    where = f" on {event.agent}" if event.agent and event.agent not in what else ""
    return f"{what} (Mesos task {event.mesos_task_id}{where})" if event.mesos_task_id else what


def _lines(lines: Iterable[str]) -> str:
    return "\n\t".join(lines)
