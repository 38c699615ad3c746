"""What a task asks of Mesos: its executor_config, checked, over the defaults of section [mesos]."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from airflow_mesos.errors import ExecutorConfigError

#: Kind of resource: smallest, largest, whole numbers only, and the words for it. Mesos itself hands out no less than
#: 0.01 cpus and 32 MB (MIN_CPUS and MIN_MEM of its allocator).
_LIMITS: dict[str, tuple[float, float, bool, str]] = {
    "cpus": (0.01, 1024, False, "a number of cores from 0.01 to 1024, like 0.5"),
    "mem": (32, 16 * 1024**2, False, 'from 32 MB to 16 TB: a number of MB, or text like "1.5 GB"'),
    "disk": (0, 1024**3, False, 'from 0 to 1 PB: a number of MB, or text like "10 GB"'),
    "gpus": (0, 64, True, "a whole number of devices from 0 to 64"),
}

#: In MB. As Mesos does, each unit is 1024 of the one before.
_UNITS = {"kb": 1 / 1024, "mb": 1, "gb": 1024, "tb": 1024**2}
_SIZE = re.compile(r"(?P<number>\d+(\.\d+)?)\s*(?P<unit>[kmgt])(i?b)?", re.IGNORECASE)

_KEYS = [*_LIMITS, "constraints"]
_EXAMPLE = 'executor_config={"cpus": 0.5, "mem": "1 GB", "constraints": {"rack": "a"}}'

#: Keys of other executors' configurations, and whose they are.
_FOREIGN = {
    "pod_override": "the Kubernetes executor",
    "pod_template_file": "the Kubernetes executor",
    "KubernetesExecutor": "the Kubernetes executor",
    "MesosExecutor": "the Mesos executor of Airflow 1",
    "overrides": "the AWS executors",
}


def needs_of(executor_config: Mapping[str, Any] | None) -> dict[str, Any]:
    """
    Give `resources` and `constraints` of a task request, each only if something is asked for.

    Takes the keys cpus, mem, disk, gpus and constraints, either as they are or below a key "mesos"; with the latter,
    other keys are left to other executors. Raises ExecutorConfigError, naming the key and what it takes.
    """
    if not executor_config:
        return {}
    if not isinstance(executor_config, Mapping):
        raise ExecutorConfigError(
            f"executor_config must be a dict like {_EXAMPLE}, not a {_kind(executor_config)}."
        )
    if "mesos" in executor_config:
        ours = executor_config["mesos"]
        if not isinstance(ours, Mapping):
            raise ExecutorConfigError(f'executor_config["mesos"] must be a dict, not a {_kind(ours)}.')
    else:
        ours = executor_config
        _refuse_foreign(ours)
    _refuse_unknown(ours)
    needs: dict[str, Any] = {}
    if resources := {kind: amount(kind, ours[kind]) for kind in _LIMITS if ours.get(kind) is not None}:
        needs["resources"] = resources
    if (constraints := ours.get("constraints")) is not None:
        needs["constraints"] = _constraints(constraints)
    return needs


def amount(kind: str, value: Any, *, name: str | None = None) -> float:
    """Check an amount of cpus, mem, disk or gpus, named so in an error; mem and disk come out in MB."""
    smallest, largest, whole, words = _LIMITS[kind]
    error = ExecutorConfigError(
        f"{name or f'executor_config: {kind}'} must be {words}; it is {_shown(value)}."
    )
    if isinstance(value, str) and kind in ("mem", "disk"):
        value = _megabytes(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise error
    if not smallest <= value <= largest or (whole and value != int(value)):
        raise error
    return int(value) if value == int(value) else float(value)


def _megabytes(text: str) -> float | None:
    text = text.strip()
    if match := _SIZE.fullmatch(text):
        return float(match["number"]) * _UNITS[match["unit"].lower() + "b"]
    try:
        return float(text)
    except ValueError:
        return None


def _constraints(value: Any) -> dict[str, str]:
    words = (
        "executor_config: constraints must be a dict of agent attributes and the text each must equal, "
        'like {"rack": "a"}'
    )
    if not isinstance(value, Mapping):
        raise ExecutorConfigError(f"{words}; it is {_shown(value)}.")
    wanted: dict[str, str] = {}
    for name, text in value.items():
        if not isinstance(name, str) or not name.strip():
            raise ExecutorConfigError(f"{words}; the name {_shown(name)} is no text.")
        if isinstance(text, bool) or not isinstance(text, (str, int, float)):
            raise ExecutorConfigError(f"{words}; that of {name!r} is {_shown(text)}.")
        wanted[name] = str(text)
    return wanted


def _refuse_foreign(config: Mapping[Any, Any]) -> None:
    for key, whose in _FOREIGN.items():
        if key in config:
            raise ExecutorConfigError(
                f"executor_config: {key!r} belongs to {whose} and means nothing on Mesos. Give the resources as in "
                f'{_EXAMPLE}, or below a key "mesos" where the DAG serves both.'
            )


def _refuse_unknown(config: Mapping[Any, Any]) -> None:
    for key in config:
        if key in _KEYS:
            continue
        near = get_close_matches(str(key).lower(), _KEYS, n=1) or _SYNONYMS.get(str(key).lower(), [])
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ExecutorConfigError(
            f"executor_config: {_shown(key)} is not known; the keys are {', '.join(_KEYS)}.{hint}"
        )


_SYNONYMS = {
    "memory": ["mem"],
    "mem_limit": ["mem"],
    "ram": ["mem"],
    "cores": ["cpus"],
    "attributes": ["constraints"],
}


def _kind(value: object) -> str:
    return type(value).__name__


def _shown(value: object) -> str:
    if isinstance(value, (str, int, float)):
        text = repr(value)
        return text if len(text) <= 60 else text[:57] + "…"
    return f"a {_kind(value)}"
