"""What can go wrong between Airflow and the service; one class per cause."""

from __future__ import annotations


class ServiceError(Exception):
    """A call to the service had no success. Its text is for a person: what, why and, where known, what next."""


class ServiceUnreachableError(ServiceError):
    """
    No answer, or one that says "not now" (5xx, 429): the same call may succeed later.

    `sent` is False where it is certain that the service never saw the request.
    """

    def __init__(self, url: str, why: str, *, sent: bool = True) -> None:
        super().__init__(f"The Mesos Airflow service at {url} does not answer: {why}.")
        self.url = url
        self.why = why
        self.sent = sent


class ServiceRefusedError(ServiceError):
    """The service answered and said no (4xx): `status`, and its `problem` in a sentence."""

    def __init__(self, what: str, status: int, problem: str) -> None:
        super().__init__(f"The Mesos Airflow service refused {what} ({status}): {problem}")
        self.status = status
        self.problem = problem


class TokenUnreadableError(ServiceError):
    """The file with the deployment's token cannot be read."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"The token for the Mesos Airflow service cannot be read from {path}: {why}. "
            "It is the file that [mesos] token_file names."
        )
        self.path = path


class SettingError(ValueError):
    """A setting of section [mesos] is missing or wrong; the text names it and says what it takes."""


class ExecutorConfigError(ValueError):
    """A task's executor_config cannot be used; the text names the key and what it takes."""


class DatabaseError(Exception):
    """Airflow's database is not what is needed; the text says what, for a person."""
