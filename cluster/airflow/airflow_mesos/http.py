"""JSON over HTTP with the standard library only: a task's first process needs it before Airflow is imported."""

from __future__ import annotations

import ipaddress
import json
import random
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from airflow_mesos.errors import (
    ServiceRefusedError,
    ServiceUnreachableError,
    SettingError,
    TokenUnreadableError,
)

_Answer = TypeVar("_Answer")

#: Seconds between two tries of `patiently`, at most.
_LONGEST_PAUSE = 5.0

#: Longer explanations than this, in bytes, are not a problem of our service's and get cut.
_LONGEST_PROBLEM = 64 * 1024


class TokenFile:
    """The deployment's token, read when first needed and again once the service refuses it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._token: str | None = None

    def read(self, *, again: bool = False) -> str:
        """Give the token; `again` reads the file anew."""
        if self._token is None or again:
            try:
                self._token = Path(self._path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                why = error.strerror if isinstance(error, OSError) else "it is no text"
                raise TokenUnreadableError(self._path, why or type(error).__name__) from error
            if not self._token:
                self._token = None
                raise TokenUnreadableError(self._path, "it is empty")
        return self._token

    def __repr__(self) -> str:
        """Name the file, never what is in it."""
        return f"TokenFile({self._path!r})"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to wherever it points."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class HttpClient:
    """
    Calls below one base URL, each over a connection of its own, so that threads share nothing but the token.

    `timeout` is in seconds and counts for connecting and for each silence. A loopback address is never asked for
    through a proxy. Certificates are verified (SSL_CERT_FILE adds an authority of one's own).
    """

    def __init__(self, url: str, *, token: TokenFile | None = None, timeout: float = 10.0) -> None:
        self.url = checked_url(url)
        self._token = token
        self._timeout = timeout
        handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
        if is_loopback(urlsplit(self.url).hostname or ""):
            handlers.append(urllib.request.ProxyHandler({}))
        if self.url.startswith("https:"):
            context = ssl.create_default_context()
            handlers.append(urllib.request.HTTPSHandler(context=context))
        self._opener = urllib.request.build_opener(*handlers)

    def __repr__(self) -> str:
        """Name the service; the token stays out of it."""
        return f"HttpClient({self.url!r})"

    def get(self, path: str, query: dict[str, str] | None = None, *, timeout: float | None = None) -> Any:
        """GET and give the JSON of the answer."""
        with self.open(path, query, timeout=timeout) as response:
            return self._json(response)

    def post(self, path: str, body: Any, *, timeout: float | None = None) -> Any:
        """POST `body` as JSON and give the JSON of the answer, None if it is empty."""
        with self._send("POST", path, json.dumps(body).encode(), timeout) as response:
            return self._json(response)

    def open(
        self, path: str, query: dict[str, str] | None = None, *, timeout: float | None = None
    ) -> HTTPResponse:
        """GET and give the answer's body to be read at leisure; the caller closes it."""
        return self._send("GET", f"{path}?{urlencode(query)}" if query else path, None, timeout)

    def _send(self, method: str, path: str, body: bytes | None, timeout: float | None) -> HTTPResponse:
        try:
            return self._send_once(method, path, body, timeout, again=False)
        except ServiceRefusedError as refusal:
            # The token may have been replaced since it was read.
            if refusal.status != 401 or self._token is None:
                raise
            return self._send_once(method, path, body, timeout, again=True)

    def _send_once(
        self, method: str, path: str, body: bytes | None, timeout: float | None, *, again: bool
    ) -> HTTPResponse:
        headers = {"Accept": "application/json, text/plain"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token.read(again=again)}"
        request = urllib.request.Request(  # noqa: S310 - checked_url lets http and https through only
            self.url + path, data=body, headers=headers, method=method
        )
        try:
            seconds = self._timeout if timeout is None else timeout
            response: HTTPResponse = self._opener.open(request, timeout=seconds)
        except urllib.error.HTTPError as error:
            with error:
                problem = _problem_of(error)
            if error.code >= 500 or error.code in (408, 425, 429):
                raise ServiceUnreachableError(self.url, f"it answered {error.code}, {problem}") from None
            what = f"{method} {path.partition('?')[0]}"
            raise ServiceRefusedError(what, error.code, problem) from None
        except urllib.error.URLError as error:
            refused = isinstance(error.reason, ConnectionRefusedError)
            raise ServiceUnreachableError(self.url, _words(error.reason), sent=not refused) from None
        except (OSError, HTTPException) as error:
            raise ServiceUnreachableError(self.url, _words(error)) from None
        return response

    def _json(self, response: HTTPResponse) -> Any:
        try:
            text = response.read()
            return json.loads(text) if text else None
        except ValueError:
            raise ServiceUnreachableError(self.url, "its answer is no JSON; another program?") from None
        except (OSError, HTTPException) as error:
            raise ServiceUnreachableError(self.url, _words(error)) from None


def checked_url(url: str) -> str:
    """Give `url` without a slash at its end; SettingError unless it is http or https with a host."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SettingError(
            f"The address of the Mesos Airflow service must look like http://HOST:PORT, not {url!r}."
        )
    if parts.username or parts.password:
        raise SettingError("The address of the Mesos Airflow service must hold no user or password.")
    return url.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine by its name or address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def patiently(
    call: Callable[[], _Answer],
    *,
    limit: float,
    pause: float = 0.2,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> _Answer:
    """
    Repeat an idempotent call for as long as the service cannot be reached, `limit` seconds at most.

    The pause doubles from `pause` up to 5 seconds, with jitter. A refusal is not repeated.
    """
    end = clock() + limit
    while True:
        try:
            return call()
        except ServiceUnreachableError:
            wait = pause * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
            if clock() + wait >= end:
                raise
            sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE)


def _problem_of(error: urllib.error.HTTPError) -> str:
    """Put the service's problem (error, why, next) in one text, or whatever another program answered."""
    try:
        text = error.read(_LONGEST_PROBLEM).decode("utf-8", "replace").strip()
    except (OSError, HTTPException):
        text = ""
    try:
        answer = json.loads(text)
    except ValueError:
        return text[:200] or str(error.reason)
    if not isinstance(answer, dict):
        return text[:200]
    parts = [str(answer[key]) for key in ("error", "why", "next") if answer.get(key)]
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts) or text[:200]


def _words(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "it took too long"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
