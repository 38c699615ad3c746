"""
Section [mesos] of Airflow's configuration.

| option | meaning |
|---|---|
| url | the service's address, like http://127.0.0.1:5051 (required) |
| token_file | file with the deployment's token (required) |
| deployment | this Airflow's id, a UUID (required) |
| default_cpus, default_mem, default_disk, default_gpus | for tasks that ask for none; else the cluster's default |

As environment variables: AIRFLOW__MESOS__URL and so on.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Protocol

from airflow_mesos.client import DeploymentClient
from airflow_mesos.errors import ExecutorConfigError, SettingError
from airflow_mesos.http import HttpClient, TokenFile, checked_url
from airflow_mesos.needs import amount

SECTION = "mesos"


class Configuration(Protocol):
    """What is needed of Airflow's configuration."""

    def get(self, section: str, key: str, /, *, fallback: str | None) -> str | None:
        """Give an option, or the fallback where it is not set."""
        ...


@dataclass(frozen=True)
class Settings:
    """Section [mesos], checked."""

    url: str
    token_file: str
    deployment: str
    defaults: dict[str, float]

    def client(self, *, timeout: float = 10.0) -> DeploymentClient:
        """Give a client; nothing is read or called yet."""
        http = HttpClient(self.url, token=TokenFile(self.token_file), timeout=timeout)
        return DeploymentClient(http, self.deployment)


def settings_from(conf: Configuration) -> Settings:
    """Read section [mesos]; SettingError names what is missing or wrong."""
    deployment = _required(conf, "deployment")
    try:
        uuid.UUID(deployment)
    except ValueError:
        raise SettingError(f"[{SECTION}] deployment must be a UUID, not {deployment!r}.") from None
    url = _required(conf, "url")
    try:
        url = checked_url(url)
    except SettingError as error:
        raise SettingError(f"[{SECTION}] url: {error}") from None
    return Settings(url, _required(conf, "token_file"), deployment, _defaults(conf))


def _required(conf: Configuration, option: str) -> str:
    if value := (conf.get(SECTION, option, fallback=None) or "").strip():
        return value
    raise SettingError(
        f"[{SECTION}] {option} is not set. Set it in airflow.cfg or as AIRFLOW__{SECTION.upper()}__{option.upper()}."
    )


def _defaults(conf: Configuration) -> dict[str, float]:
    defaults: dict[str, float] = {}
    for kind in ("cpus", "mem", "disk", "gpus"):
        text = (conf.get(SECTION, f"default_{kind}", fallback=None) or "").strip()
        if not text:
            continue
        try:
            value: float | str = float(text)
        except ValueError:
            value = text
        try:
            defaults[kind] = amount(kind, value, name=f"[{SECTION}] default_{kind}")
        except ExecutorConfigError as error:
            raise SettingError(str(error)) from None
    return defaults
