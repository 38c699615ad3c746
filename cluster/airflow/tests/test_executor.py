from __future__ import annotations

import logging
import time
from types import SimpleNamespace

import pytest
from airflow.utils.state import TaskInstanceState
from service import DEPLOYMENT, Service, new_id, serving
from workload import TOKEN, workload

from airflow_mesos import executor as executor_module
from airflow_mesos.errors import SettingError
from airflow_mesos.executor import MesosExecutor

SUCCESS, FAILED, RUNNING = TaskInstanceState.SUCCESS, TaskInstanceState.FAILED, TaskInstanceState.RUNNING


@pytest.fixture
def mesos(service, tmp_path, monkeypatch):
    """Set section [mesos] for the service of the test."""
    token = tmp_path / "airflow.token"
    token.write_text("right-token", encoding="utf-8")
    monkeypatch.setenv("AIRFLOW__MESOS__URL", service.url)
    monkeypatch.setenv("AIRFLOW__MESOS__TOKEN_FILE", str(token))
    monkeypatch.setenv("AIRFLOW__MESOS__DEPLOYMENT", DEPLOYMENT)
    return service


@pytest.fixture
def make_executor(mesos, until):
    executors = []

    def make(parallelism=32, *, started=True):
        executor = MesosExecutor(parallelism)
        executors.append(executor)
        if started:
            seen = len(mesos.paths("/events"))
            executor.start()
            until(lambda: len(mesos.paths("/events")) > seen, "the executor follows events")
        return executor

    yield make
    for executor in executors:
        executor.end()


@pytest.fixture
def executor(make_executor):
    return make_executor()


@pytest.fixture
def heard(until):
    """Wait for the executor to report on a key, and give (state, info)."""

    def heard(executor, key, what="an event"):
        def reported():
            executor.sync()
            return key in executor.event_buffer

        until(reported, what)
        return executor.event_buffer.pop(key)

    return heard


def queue(executor, *workloads):
    for item in workloads:
        executor.queue_workload(item, session=None)
    executor.heartbeat()
    return [item.ti.key for item in workloads]


def instance(item, state=TaskInstanceState.RUNNING):
    """Make what the scheduler hands to adoption and revocation."""
    return SimpleNamespace(key=item.ti.key, external_executor_id=item.ti.external_executor_id, state=state)


class TestConstruction:
    def test_has_no_side_effects(self, monkeypatch):
        for option in ("URL", "TOKEN_FILE", "DEPLOYMENT"):
            monkeypatch.delenv(f"AIRFLOW__MESOS__{option}", raising=False)
        executor = MesosExecutor()
        executor.heartbeat()
        assert executor.get_task_log(instance(workload()), 1)[1] == []

    @pytest.mark.parametrize("option", ["URL", "TOKEN_FILE", "DEPLOYMENT"])
    def test_a_missing_option_is_named_at_the_start(self, mesos, monkeypatch, option):
        monkeypatch.delenv(f"AIRFLOW__MESOS__{option}")
        with pytest.raises(SettingError, match=option.lower()):
            MesosExecutor().start()

    @pytest.mark.parametrize(
        ("option", "value", "words"),
        [
            ("URL", "service:5051", "http://HOST:PORT"),
            ("DEPLOYMENT", "mine", "UUID"),
            ("DEFAULT_CPUS", "none", "default_cpus must be a number of cores"),
            ("DEFAULT_MEM", "3 MB", "default_mem must be from 32 MB"),
        ],
    )
    def test_a_wrong_option_is_named_at_the_start(self, mesos, monkeypatch, option, value, words):
        monkeypatch.setenv(f"AIRFLOW__MESOS__{option}", value)
        with pytest.raises(SettingError, match=words):
            MesosExecutor().start()

    def test_flags(self):
        assert MesosExecutor.pre_assigns_external_executor_id
        assert not MesosExecutor.is_local
        assert not MesosExecutor.supports_multi_team
        assert not MesosExecutor.serve_logs

    def test_airflow_loads_it_by_path_name_and_alias(self, monkeypatch):
        from airflow.executors import executor_loader

        configured = "LocalExecutor,mesos:airflow_mesos.executor.MesosExecutor"
        monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", configured)
        for name in ("_executor_names", "_alias_to_executors_per_team", "_module_to_executors_per_team"):
            getattr(executor_loader, name).clear()
        executor_loader._classname_to_executors_per_team.clear()
        executor_loader._team_name_to_executors.clear()
        for name in ("mesos", "MesosExecutor", "airflow_mesos.executor.MesosExecutor"):
            assert isinstance(executor_loader.ExecutorLoader.load_executor(name), MesosExecutor)


class TestSubmitting:
    def test_a_batch_in_one_call_with_all_that_the_contract_wants(self, mesos, executor):
        plain = workload("lesen", priority=7)
        mapped = workload("fächer", map_index=3, config={"cpus": 0.5, "constraints": {"rack": "süd"}})
        queue(executor, plain, mapped)
        [call] = mesos.paths("/tasks")
        first, second = call.body["tasks"]
        assert first["id"] == plain.ti.external_executor_id
        assert first["key"] == {
            "dag_id": "weather",
            "run_id": "manual__2026",
            "task_id": "lesen",
            "map_index": -1,
            "try_number": 1,
        }
        assert first["priority"] == 7
        assert first["workload"]["token"] == TOKEN
        assert first["workload"]["type"] == "ExecuteTask"
        assert "resources" not in first
        assert second["key"]["map_index"] == 3
        assert second["resources"] == {"cpus": 0.5}
        assert second["constraints"] == {"rack": "süd"}
        assert executor.running == {plain.ti.key, mapped.ti.key}
        assert not executor.queued_tasks

    def test_defaults_of_the_configuration(self, mesos, make_executor, monkeypatch):
        monkeypatch.setenv("AIRFLOW__MESOS__DEFAULT_CPUS", "0.5")
        monkeypatch.setenv("AIRFLOW__MESOS__DEFAULT_MEM", "1 GB")
        queue(make_executor(), workload(config={"mem": 2048}))
        [task] = mesos.requests.values()
        assert task["resources"] == {"cpus": 0.5, "mem": 2048}

    def test_many_go_in_several_calls(self, mesos, make_executor):
        queue(make_executor(1000), *(workload(f"t{i}") for i in range(450)))
        assert [len(call.body["tasks"]) for call in mesos.paths("/tasks")] == [200, 200, 50]

    def test_a_big_workload_has_a_call_of_its_own(self, mesos, executor):
        workloads = [workload(f"t{i}") for i in range(3)]
        for item in workloads:
            item.ti.context_carrier = {"x": "y" * 300_000}
        queue(executor, *workloads)
        assert [len(call.body["tasks"]) for call in mesos.paths("/tasks")] == [1, 1, 1]

    def test_parallelism_holds_until_the_end(self, mesos, make_executor, heard):
        executor = make_executor(2)
        items = [workload(f"t{i}", priority=i) for i in range(3)]
        queue(executor, *items)
        assert executor.running == {items[1].ti.key, items[2].ti.key}
        mesos.tell(items[2].ti.external_executor_id, "running")
        heard(executor, items[2].ti.key)
        executor.heartbeat()
        assert len(mesos.requests) == 2
        mesos.tell(items[2].ti.external_executor_id, "finished")
        heard(executor, items[2].ti.key)
        executor.heartbeat()
        assert executor.running == {items[1].ti.key, items[0].ti.key}

    def test_what_the_framework_refuses_fails_with_its_reason(self, mesos, executor):
        mesos.refuse["big"] = "It asks for 4000 cpus."
        good, big = queue(executor, workload("good"), workload("big"))
        assert executor.event_buffer.pop(big) == (
            FAILED,
            "The Mesos framework refused the task: It asks for 4000 cpus.",
        )
        assert executor.running == {good}
        assert not executor.queued_tasks

    def test_a_bad_executor_config_fails_only_its_task(self, mesos, executor):
        good, bad = queue(executor, workload("good"), workload("bad", config={"cpus": 5000}))
        state, info = executor.event_buffer.pop(bad)
        assert state == FAILED
        assert "cpus must be a number of cores from 0.01 to 1024" in info
        assert executor.running == {good}

    def test_a_pod_override_is_refused_in_a_sentence(self, mesos, executor):
        [key] = queue(executor, workload(config={"pod_override": object()}))
        assert "Kubernetes" in executor.event_buffer.pop(key)[1]
        assert not mesos.paths("/tasks")

    def test_a_batch_that_the_service_cannot_read_is_taken_apart(self, mesos, executor):
        def answer(call):
            if not call.path.endswith("/tasks"):
                return None
            bad = any(task["key"]["task_id"] == "bad" for task in call.body["tasks"])
            return (400, {"error": "Malformed"}) if bad else None

        mesos.answer = answer
        good, bad = queue(executor, workload("good"), workload("bad"))
        assert executor.running == {good}
        assert "Malformed" in executor.event_buffer.pop(bad)[1]

    def test_without_a_pre_assigned_id_one_is_made_and_kept(self, mesos, executor):
        mesos.answer = lambda call: (503, None) if call.path.endswith("/tasks") else None
        queue(executor, workload(external_id=None))
        mesos.answer = lambda _call: None
        executor.heartbeat()
        first, second = (call.body["tasks"][0]["id"] for call in mesos.paths("/tasks"))
        assert first == second


class TestOutage:
    def test_tasks_wait_and_go_when_the_service_is_back(self, mesos, executor):
        mesos.answer = lambda call: (503, {"error": "Restarting"}) if call.path.endswith("/tasks") else None
        [key] = queue(executor, workload())
        for _ in range(5):
            executor.heartbeat()
        assert key in executor.queued_tasks
        assert not executor.running
        assert not executor.event_buffer
        mesos.answer = lambda _call: None
        executor.heartbeat()
        assert executor.running == {key}
        assert len({call.body["tasks"][0]["id"] for call in mesos.paths("/tasks")}) == 1

    def test_it_is_said_once(self, mesos, executor, monkeypatch):
        said = []
        monkeypatch.setattr(executor._outage, "_log", _Recorder(said))
        mesos.answer = lambda call: (503, {"error": "Restarting"}) if call.path.endswith("/tasks") else None
        queue(executor, workload())
        for _ in range(5):
            executor.heartbeat()
        assert len(said) == 1
        assert "Restarting" in said[0]
        assert "Tasks stay queued" in said[0]
        mesos.answer = lambda _call: None
        executor.heartbeat()
        assert "answers again" in said[1]

    def test_a_lost_answer_does_no_harm(self, mesos, executor):
        item = workload()

        def answer(call):
            if call.path.endswith("/tasks"):
                mesos.submit(call.body["tasks"])
                return 0, None
            return None

        mesos.answer = answer
        [key] = queue(executor, item)
        assert key in executor.queued_tasks
        mesos.answer = lambda _call: None
        executor.heartbeat()
        assert executor.running == {key}
        assert len(mesos.requests) == 1

    def test_events_faster_than_a_lost_answer(self, mesos, executor, heard):
        item = workload()

        def answer(call):
            if call.path.endswith("/tasks"):
                mesos.submit(call.body["tasks"])
                return 0, None
            return None

        mesos.answer = answer
        [key] = queue(executor, item)
        mesos.tell(item.ti.external_executor_id, "running")
        assert heard(executor, key)[0] == RUNNING
        assert key not in executor.queued_tasks
        assert executor.running == {key}
        mesos.tell(item.ti.external_executor_id, "finished")
        assert heard(executor, key)[0] == SUCCESS

    def test_a_slow_failure_is_not_repeated_at_each_heartbeat(self, mesos, executor, monkeypatch):
        monkeypatch.setattr(executor_module, "_LOOP_TIMEOUT", 0.6)

        def answer(call):
            if call.path.endswith("/tasks"):
                time.sleep(1)

        mesos.answer = answer
        queue(executor, workload())
        begun = time.monotonic()
        for _ in range(20):
            executor.heartbeat()
        assert time.monotonic() - begun < 0.5
        assert len(mesos.paths("/tasks")) == 1

    @pytest.mark.parametrize("status", [401, 403, 404])
    def test_a_door_that_does_not_open_is_no_fault_of_the_task(self, mesos, executor, status):
        mesos.answer = lambda call: (status, {"error": "No"}) if call.path.endswith("/tasks") else None
        [key] = queue(executor, workload())
        assert key in executor.queued_tasks
        assert not executor.event_buffer


class TestHearing:
    def test_running_tells_the_id_and_keeps_the_slot(self, mesos, executor, heard):
        item = workload()
        [key] = queue(executor, item)
        mesos.tell(item.ti.external_executor_id, "running")
        assert heard(executor, key) == (RUNNING, item.ti.external_executor_id)
        assert executor.running == {key}

    @pytest.mark.parametrize(
        ("state", "reported"),
        [("finished", SUCCESS), ("failed", FAILED), ("killed", FAILED), ("lost", FAILED)],
    )
    def test_the_end_is_reported_with_what_mesos_said(self, mesos, executor, heard, state, reported):
        item = workload()
        [key] = queue(executor, item)
        mesos.tell(item.ti.external_executor_id, state, "REASON_CONTAINER_LIMITATION_MEMORY: zu groß")
        got, info = heard(executor, key)
        assert got == reported
        assert "zu groß" in info
        assert f"{item.ti.external_executor_id}.1" in info
        assert "agent-1" in info
        assert not executor.running

    def test_superseded_is_neither_success_nor_failure(self, mesos, executor, until):
        item = workload()
        [key] = queue(executor, item)
        mesos.tell(item.ti.external_executor_id, "superseded")

        def gone():
            executor.sync()
            return key not in executor.running

        until(gone, "the slot is free")
        assert key not in executor.event_buffer

    def test_states_on_the_way_are_not_reported(self, mesos, executor, heard):
        item, other = workload("a"), workload("b")
        queue(executor, item, other)
        for state in ("launched", "starting", "queued", "launched"):
            mesos.tell(item.ti.external_executor_id, state, "TASK_DROPPED: launched again")
        mesos.tell(other.ti.external_executor_id, "finished")
        heard(executor, other.ti.key)
        assert not executor.event_buffer
        assert executor._task_event_logs[0].extra.startswith("TASK_DROPPED")

    def test_others_events_mean_nothing(self, mesos, executor, heard):
        item = workload()
        [key] = queue(executor, item)
        mesos.tell(new_id(), "failed")
        mesos.tell(item.ti.external_executor_id, "finished")
        assert heard(executor, key)[0] == SUCCESS
        assert not executor.event_buffer

    def test_the_older_of_two_ids_for_a_key_means_nothing(self, mesos, executor, heard):
        # A deferred task goes on, with the same try, before the end of its first process was told.
        first, second = workload(), workload()
        [key] = queue(executor, first)
        executor.queue_workload(second, session=None)
        mesos.tell(first.ti.external_executor_id, "running")
        executor.heartbeat()
        mesos.tell(first.ti.external_executor_id, "killed")
        mesos.tell(second.ti.external_executor_id, "running")
        assert heard(executor, key) == (RUNNING, second.ti.external_executor_id)
        assert executor.running == {key}

    def test_an_older_end_while_the_newer_still_waits(self, mesos, make_executor, until):
        executor = make_executor(1)
        first, second = workload(), workload()
        [key] = queue(executor, first)
        executor.queue_workload(second, session=None)
        mesos.tell(first.ti.external_executor_id, "finished")

        def free():
            executor.sync()
            return key not in executor.running

        until(free, "the slot is free")
        assert not executor.event_buffer
        executor.heartbeat()
        assert executor.running == {key}

    @pytest.mark.parametrize("how", ["pruned", "new epoch", "new epoch without a word"])
    def test_nothing_is_missed_when_the_cursor_is_gone(self, mesos, executor, heard, how):
        item, ended = workload("a"), workload("b")
        queue(executor, item, ended)
        with mesos.changed:
            # Told in a way that the executor cannot have heard.
            mesos.states[ended.ti.external_executor_id] |= {
                "state": "failed",
                "info": "while nobody listened",
            }
            if how == "pruned":
                mesos.forgotten_up_to = 5
                mesos.events += [{}] * 5
            mesos.changed.notify_all()
        if how == "new epoch":
            mesos.begin_anew(keep=True)
        if how == "new epoch without a word":
            page = 200, {"cursor": "e7:0", "events": []}
            pages = iter([page])
            mesos.answer = lambda call: next(pages, None) if "/events" in call.path else None
        assert "while nobody listened" in heard(executor, ended.ti.key)[1]
        mesos.tell(item.ti.external_executor_id, "running")
        assert heard(executor, item.ti.key)[0] == RUNNING

    def test_what_a_new_store_does_not_know_fails(self, mesos, executor, heard):
        [key] = queue(executor, workload())
        mesos.begin_anew(keep=False)
        state, info = heard(executor, key)
        assert state == FAILED
        assert "does not know" in info

    def test_an_outage_loses_no_events(self, mesos, executor, heard, until):
        item = workload()
        [key] = queue(executor, item)
        mesos.answer = lambda _call: (503, None)
        seen = len(mesos.calls)
        until(lambda: len(mesos.calls) > seen + 1, "the executor keeps asking")
        mesos.tell(item.ti.external_executor_id, "finished")
        mesos.answer = lambda _call: None
        assert heard(executor, key)[0] == SUCCESS

    def test_a_service_started_after_the_executor(self, mesos, make_executor, heard, monkeypatch):
        with serving() as soon:
            port = int(soon.url.rpartition(":")[2])
        monkeypatch.setenv("AIRFLOW__MESOS__URL", f"http://127.0.0.1:{port}")
        executor = make_executor(started=False)
        executor.start()
        item = workload()
        [key] = queue(executor, item)
        assert key in executor.queued_tasks
        with serving(Service(), port) as late:
            executor.heartbeat()
            late.tell(item.ti.external_executor_id, "finished")
            assert heard(executor, key)[0] == SUCCESS


class TestRevoking:
    def test_a_task_that_the_framework_has(self, mesos, executor, until):
        item = workload()
        [key] = queue(executor, item)
        mesos.tell(item.ti.external_executor_id, "running")

        def reported():
            executor.sync()
            return key in executor.event_buffer

        until(reported, "it runs")
        executor.revoke_task(ti=instance(item))
        assert mesos.revoked == {item.ti.external_executor_id}
        assert key not in executor.running
        assert not executor.event_buffer
        mesos.tell(item.ti.external_executor_id, "killed")
        executor.sync()
        assert not executor.event_buffer

    def test_a_task_that_never_left(self, mesos, executor):
        mesos.answer = lambda call: (503, None) if call.path.endswith("/tasks") else None
        item = workload()
        queue(executor, item)
        executor.revoke_task(ti=instance(item))
        assert not executor.queued_tasks
        assert mesos.revoked == {item.ti.external_executor_id}

    def test_while_the_service_is_away_it_is_kept_in_mind(self, mesos, executor):
        item = workload()
        queue(executor, item)
        mesos.answer = lambda call: (503, None) if call.path.endswith("/revoke") else None
        executor.revoke_task(ti=instance(item))
        assert not mesos.revoked
        mesos.answer = lambda _call: None
        executor.sync()
        assert mesos.revoked == {item.ti.external_executor_id}

    def test_before_start_nothing_is_raised(self):
        MesosExecutor().revoke_task(ti=instance(workload()))


class TestHandingOver:
    def test_known_tasks_are_adopted_with_their_present_state(self, mesos, executor, heard):
        waiting, running, ended, unknown, bare = (workload(name) for name in "abcde")
        for item in (waiting, running, ended):
            mesos.submit([{"id": item.ti.external_executor_id, "key": {"task_id": item.ti.task_id}}])
        mesos.tell(running.ti.external_executor_id, "running")
        mesos.tell(ended.ti.external_executor_id, "lost", "the agent went away")
        bare.ti.external_executor_id = None
        items = [waiting, running, ended, unknown, bare]
        instances = [instance(item) for item in items]
        left = executor.try_adopt_task_instances(instances)
        assert sorted(ti.key.task_id for ti in left) == ["d", "e"]
        assert executor.running == {waiting.ti.key, running.ti.key}
        assert executor.event_buffer[running.ti.key][0] == RUNNING
        state, info = executor.event_buffer[ended.ti.key]
        assert state == FAILED
        assert "the agent went away" in info
        mesos.tell(waiting.ti.external_executor_id, "finished")
        assert heard(executor, waiting.ti.key)[0] == SUCCESS
        # Should the dead scheduler come back to life, its late submission is refused.
        assert mesos.revoked == {unknown.ti.external_executor_id}

    def test_while_the_service_is_away_all_are_adopted_and_asked_about_later(
        self, mesos, executor, heard, monkeypatch
    ):
        monkeypatch.setattr(executor_module, "_ADOPTION_PATIENCE", 0.3)
        known, unknown = workload("known"), workload("unknown")
        mesos.submit([{"id": known.ti.external_executor_id, "key": {"task_id": "known"}}])
        mesos.tell(known.ti.external_executor_id, "finished")
        mesos.answer = lambda call: (503, None) if call.path.endswith("/states") else None
        assert executor.try_adopt_task_instances([instance(known), instance(unknown)]) == []
        assert executor.running == {known.ti.key, unknown.ti.key}
        mesos.answer = lambda _call: None
        assert heard(executor, known.ti.key)[0] == SUCCESS
        assert heard(executor, unknown.ti.key)[0] == FAILED

    def test_superseded_while_nobody_listened(self, mesos, executor):
        item = workload()
        mesos.submit([{"id": item.ti.external_executor_id, "key": {"task_id": "read"}}])
        mesos.tell(item.ti.external_executor_id, "superseded")
        queued = instance(item, TaskInstanceState.QUEUED)
        assert executor.try_adopt_task_instances([queued]) == [queued]
        assert executor.try_adopt_task_instances([instance(item)]) == []
        assert not executor.running
        assert not executor.event_buffer

    def test_the_end_of_a_scheduler_leaves_tasks_to_the_next(self, mesos, make_executor, heard):
        item = workload()
        first = make_executor()
        queue(first, item)
        first.end()
        assert not mesos.killed
        assert not mesos.revoked
        second = make_executor()
        assert second.try_adopt_task_instances([instance(item)]) == []
        mesos.tell(item.ti.external_executor_id, "finished")
        assert heard(second, item.ti.key)[0] == SUCCESS

    def test_terminate_kills(self, mesos, executor):
        item = workload()
        queue(executor, item)
        executor.terminate()
        assert mesos.killed == {item.ti.external_executor_id}

    def test_end_does_not_wait(self, mesos, executor):
        queue(executor, workload())
        begun = time.monotonic()
        executor.end()
        assert time.monotonic() - begun < 0.5


class TestSecrets:
    def test_the_token_is_in_no_log_and_no_repr(self, mesos, executor, caplog, capfd):
        caplog.set_level(logging.DEBUG)
        mesos.answer = lambda call: (400, {"error": "Malformed"}) if call.path.endswith("/tasks") else None
        item = workload()
        queue(executor, item)
        mesos.answer = lambda _call: None
        queue(executor, workload("other"))
        executor.debug_dump()
        out, err = capfd.readouterr()
        shown = (
            caplog.text + out + err + repr(executor) + repr(executor._client) + repr(executor.event_buffer)
        )
        assert "other" in shown
        assert TOKEN not in shown
        assert "right-token" not in shown


class _Recorder:
    """A logger that keeps what is said."""

    def __init__(self, said):
        self._said = said

    def warning(self, text, *args):
        self._said.append(text % args)

    info = warning
