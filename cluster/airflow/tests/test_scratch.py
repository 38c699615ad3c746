from __future__ import annotations

import uuid

import httpx
import pytest
from airflow.sdk.api.client import Client, ServerResponseError
from airflow.sdk.exceptions import ErrorType
from airflow.sdk.execution_time.comms import ErrorResponse
from test_debug import RUN

from airflow_mesos.errors import ServiceRefusedError
from airflow_mesos.scratch import ScratchApi

PLACE = ("debugged", "manual__1", "numbers", "return_value")


class Reads:
    """What the service has for a copy."""

    def __init__(self):
        self.values = {PLACE: {0: "a", 1: "b", 2: "c"}}
        blank = dict.fromkeys(("host", "schema", "login", "password", "port", "extra"))
        self.named = {
            ("variable", "colour"): "blue",
            ("connection", "db"): blank | {"conn_id": "db", "conn_type": "sqlite"},
        }

    def xcoms(self, *place, map_index=None):
        every = self.values.get(place, {})
        return {index: value for index, value in every.items() if map_index in (None, index)}

    def read(self, kind, name):
        if (kind, name) not in self.named:
            raise ServiceRefusedError("POST /v1/attempts/read", 404, "There is none.")
        return self.named[kind, name]


@pytest.fixture
def reads():
    return Reads()


@pytest.fixture
def client(reads):
    api = ScratchApi(RUN, 2, reads)
    made = Client(base_url=None, token="", dry_run=True, transport=httpx.MockTransport(api))
    made.api = api
    return made


def test_the_run_is_told_as_it_was(client):
    context = client.task_instances.start(uuid.uuid4(), 1, "2026-11-24T00:00:00Z")
    assert context.dag_run.conf == {"wie": "süß"}
    assert context.max_tries == 2
    client.api.resume_at("execute_complete", {"event": 1})
    again = client.task_instances.start(uuid.uuid4(), 1, "2026-11-24T00:00:00Z")
    assert (again.next_method, again.next_kwargs) == ("execute_complete", {"event": 1})


def test_xcoms_of_the_run_are_read_as_from_airflow(client):
    assert client.xcoms.get(*PLACE, map_index=1).value == "b"
    assert client.xcoms.get(*PLACE).value is None
    assert client.xcoms.head(*PLACE).len == 3
    assert client.xcoms.get_sequence_item(*PLACE, -1).root == "c"
    assert client.xcoms.get_sequence_slice(*PLACE, 0, 2, None).root == ["a", "b"]
    missing = client.xcoms.get_sequence_item(*PLACE, 3)
    assert isinstance(missing, ErrorResponse)
    assert missing.error == ErrorType.XCOM_NOT_FOUND


def test_what_the_copy_pushes_is_its_own(client, reads):
    client.xcoms.set(*PLACE, {"mine": "größer"}, map_index=1)
    assert client.xcoms.get(*PLACE, map_index=1).value == {"mine": "größer"}
    assert client.xcoms.get_sequence_slice(*PLACE, None, None, None).root == ["a", {"mine": "größer"}, "c"]
    client.xcoms.delete(*PLACE, map_index=0)
    assert client.xcoms.get(*PLACE, map_index=0).value is None
    assert client.xcoms.head(*PLACE).len == 2
    assert reads.values[PLACE] == {0: "a", 1: "b", 2: "c"}


def test_variables_are_read_and_set_for_itself(client, reads):
    assert client.variables.get("colour").value == "blue"
    client.variables.set("colour", "red", None)
    assert client.variables.get("colour").value == "red"
    client.variables.delete("colour")
    assert isinstance(client.variables.get("colour"), ErrorResponse)
    assert isinstance(client.variables.get("nothing"), ErrorResponse)
    assert reads.named["variable", "colour"] == "blue"


def test_connections_are_read(client):
    assert client.connections.get("db").conn_type == "sqlite"
    missing = client.connections.get("other")
    assert isinstance(missing, ErrorResponse)
    assert missing.error == ErrorType.CONNECTION_NOT_FOUND


def test_the_end_and_the_rest_of_a_task_go_nowhere(client):
    me = uuid.uuid4()
    client.task_instances.heartbeat(me, 1)
    client.task_instances.set_rtif(me, {"sql": "select 1"})
    client.task_instances.finish(me, "failed", "2026-11-24T00:00:00Z", None)


def test_what_would_have_an_effect_elsewhere_is_refused(client):
    with pytest.raises(ServerResponseError) as refused:
        client.dag_runs.trigger("other", "manual__2")
    assert "A debug copy has no effect on the cluster" in str(refused.value)
