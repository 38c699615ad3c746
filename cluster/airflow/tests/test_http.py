from __future__ import annotations

import socket
import threading

import pytest
from service import DEPLOYMENT, serving

from airflow_mesos.client import CursorGoneError, DeploymentClient, TicketClient
from airflow_mesos.errors import (
    ServiceRefusedError,
    ServiceUnreachableError,
    SettingError,
    TokenUnreadableError,
)
from airflow_mesos.http import HttpClient, TokenFile, is_loopback, patiently


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "airflow.token"
    path.write_text("right-token\n", encoding="utf-8")
    return path


@pytest.fixture
def client(service, token_file):
    return DeploymentClient(HttpClient(service.url, token=TokenFile(str(token_file)), timeout=5), DEPLOYMENT)


def test_the_token_goes_along_and_no_proxy_is_asked(service, client):
    assert client.states([]).cursor == "e0:0"
    assert service.calls[0].authorization == "Bearer right-token"


def test_a_token_that_was_replaced_is_read_again(service, client, token_file):
    client.states([])
    service.token = "newer-token"
    token_file.write_text("newer-token", encoding="utf-8")
    assert client.states([]).cursor == "e0:0"


def test_a_wrong_token_is_refused_after_one_more_look(service, client, token_file):
    token_file.write_text("wrong-token", encoding="utf-8")
    with pytest.raises(ServiceRefusedError) as refusal:
        client.states([])
    assert refusal.value.status == 401
    assert len(service.calls) == 2
    assert "wrong-token" not in str(refusal.value) + repr(client)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_a_token_that_cannot_be_read_is_explained(service, token_file, content):
    token_file.unlink() if content is None else token_file.write_bytes(content)
    client = DeploymentClient(HttpClient(service.url, token=TokenFile(str(token_file))), DEPLOYMENT)
    with pytest.raises(TokenUnreadableError, match="token_file"):
        client.states([])


def test_the_problem_of_a_refusal_is_told_whole(service, client):
    problem = {"error": "No such thing", "why": "it was deleted", "next": "Make a new one."}
    service.answer = lambda _call: (404, problem)
    with pytest.raises(ServiceRefusedError, match="No such thing. it was deleted. Make a new one."):
        client.states([])


@pytest.mark.parametrize(
    ("status", "body"), [(500, {"error": "Oh"}), (503, "busy"), (429, None), (200, "<html>"), (200, {"x": 1})]
)
def test_what_may_pass_counts_as_unreachable(service, client, status, body):
    service.answer = lambda _call: (status, body)
    with pytest.raises(ServiceUnreachableError) as error:
        client.states([])
    assert error.value.sent
    assert service.url in str(error.value)


def test_a_broken_connection_counts_as_unreachable(service, client):
    service.answer = lambda _call: (0, None)
    with pytest.raises(ServiceUnreachableError):
        client.states([])


def test_nothing_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ServiceUnreachableError, match="nothing listens there") as error:
        TicketClient(HttpClient(f"http://127.0.0.1:{port}")).redeem("x", "y" * 43)
    assert not error.value.sent


def test_silence_ends_by_the_timeout():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ServiceUnreachableError, match="it took too long"):
            TicketClient(HttpClient(url, timeout=0.2)).redeem("x", "y" * 43)


def test_a_redirect_is_not_followed_with_the_token(service, client):
    with serving() as other:
        service.answer = lambda _call: (302, None)
        with pytest.raises(ServiceRefusedError) as refusal:
            client.states([])
        assert refusal.value.status == 302
        assert not other.calls


def test_a_cursor_that_is_gone(service, client):
    with pytest.raises(CursorGoneError):
        client.events("e7:3", wait=0)


@pytest.mark.parametrize(
    "url", ["", "service:5051", "file:///etc/passwd", "http://", "http://user:secret@host", "http://h/?x=1"]
)
def test_an_address_that_is_none(url):
    with pytest.raises(SettingError) as error:
        HttpClient(url)
    assert "secret" not in str(error.value)


def test_loopback():
    assert all(map(is_loopback, ["127.0.0.1", "127.8.8.8", "::1", "localhost", "a.localhost"]))
    assert not any(map(is_loopback, ["10.0.0.1", "example.org", "localhost.example.org", ""]))


def test_patience_ends():
    clock = [0.0]
    tries = []

    def call():
        tries.append(clock[0])
        raise ServiceUnreachableError("http://x", "gone")

    def sleep(seconds):
        clock[0] += seconds

    with pytest.raises(ServiceUnreachableError):
        patiently(call, limit=30, sleep=sleep, clock=lambda: clock[0])
    assert 6 < len(tries) < 30
    assert clock[0] < 30


def test_patience_does_not_repeat_a_refusal():
    calls = []

    def call():
        calls.append(1)
        raise ServiceRefusedError("it", 409, "used")

    with pytest.raises(ServiceRefusedError):
        patiently(call, limit=30)
    assert calls == [1]


def test_calls_from_many_threads(client):
    results = []
    threads = [threading.Thread(target=lambda: results.append(client.states([]).cursor)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["e0:0"] * 16
