"""The surroundings of a task's process: what Mesos gives it, made into what Airflow and people's code expect."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path

#: Ours to decide, whatever the workspace's .env says: where the service looks for the log, and what Mesos says.
_OURS = ("AIRFLOW_HOME", "AIRFLOW_CONFIG", "AIRFLOW__LOGGING__BASE_LOG_FOLDER")
_OUR_PREFIX = "MESOS_"


def furnish(environ: MutableMapping[str, str], variables: Mapping[str, str]) -> Path:
    """
    Set up folders in the sandbox and the variables of this process; give the log folder.

    `variables` come from the workspace's .env. They may replace any variable but those that the cluster set for
    Airflow (AIRFLOW_…) and Mesos' own. The service reads a task's log from `logs/` in its sandbox.
    """
    sandbox = Path(environ.get("MESOS_SANDBOX") or Path.cwd())
    home, logs = sandbox / "airflow", sandbox / "logs"
    home.mkdir(parents=True, exist_ok=True)
    logs.mkdir(parents=True, exist_ok=True)
    # Without one, Airflow would write its whole default configuration there, a key in it, for the agent to serve.
    (home / "airflow.cfg").touch()
    for name, value in variables.items():
        fixed = name.startswith(_OUR_PREFIX) or name in _OURS
        if not fixed and not (name.startswith("AIRFLOW_") and name in environ):
            environ[name] = value
    environ["AIRFLOW_HOME"] = str(home)
    environ.pop("AIRFLOW_CONFIG", None)
    environ["AIRFLOW__LOGGING__BASE_LOG_FOLDER"] = str(logs)
    environ.setdefault("HOME", _home_of_user(sandbox))
    # Whatever Python the task's code starts in turn shall read and write UTF-8 as well.
    environ.setdefault("PYTHONUTF8", "1")
    _set_python_path(environ, variables.get("PYTHONPATH"))
    _spare_loopback_the_proxy(environ)
    return logs


def _set_python_path(environ: MutableMapping[str, str], wanted: str | None) -> None:
    """Make the workspace's PYTHONPATH count, as it does for the dag-processor; ours was for this module only."""
    if not wanted:
        environ.pop("PYTHONPATH", None)
        return
    environ["PYTHONPATH"] = wanted
    sys.path[1:1] = [entry for entry in wanted.split(os.pathsep) if entry and entry not in sys.path]


def _spare_loopback_the_proxy(environ: MutableMapping[str, str]) -> None:
    """Keep a proxy of the workspace's out of the way to Airflow on this machine."""
    if not any(name.lower() in ("http_proxy", "https_proxy", "all_proxy") for name in environ):
        return
    spared = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    hosts = [host.strip() for host in spared.split(",") if host.strip()]
    hosts += [host for host in ("localhost", "127.0.0.1", "::1") if host not in hosts]
    environ["NO_PROXY"] = environ["no_proxy"] = ",".join(hosts)


def _home_of_user(sandbox: Path) -> str:
    """Give the user's home folder as a login would; a user without one lives in the sandbox."""
    try:
        home = pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return str(sandbox)
    return home if home and Path(home).is_dir() else str(sandbox)
