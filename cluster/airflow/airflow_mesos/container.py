"""
One of Airflow's components in a container of its own: `python -m airflow_mesos.container scheduler`.

Containers start at any time and in any order, after a restart of Docker too. So each sees to what it needs: the
person's variables, the database, the schema in it. The api-server's brings the schema, the others wait for it; what
they import meanwhile, they need anyway.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import closing
from pathlib import Path
from typing import NoReturn

from airflow_mesos import component
from airflow_mesos.database import (
    Database,
    database_url,
    expected_revisions,
    wait_for_database,
    wait_for_schema,
)
from airflow_mesos.errors import DatabaseError

#: Set in a process that has the person's variables.
_ADOPTED = "MESOS_AIRFLOW_VARIABLES"

#: What a component imports in any case, the slowest of it, and that asks no database.
_MODULES: Mapping[str, tuple[str, ...]] = {
    "api-server": ("airflow.utils.db",),
    "scheduler": ("airflow.cli.commands.scheduler_command",),
    "dag-processor": ("airflow.cli.commands.dag_processor_command",),
    "triggerer": ("airflow.cli.commands.triggerer_command",),
}


def main() -> None:
    """Run the component that is named to its end."""
    adopt_variables(Path(os.environ["AIRFLOW_HOME"], "env.json"), os.environ, begin_anew)
    name = sys.argv[1]
    component.main(lambda: prepare(name))


def adopt_variables(
    file: Path, environ: MutableMapping[str, str], restart: Callable[[dict[str, str]], None]
) -> None:
    """
    Take the person's variables from a file that only this container's user can read, where ours doesn't set them.

    The process begins anew with them: some mean something to the interpreter, or to the linker, at their start alone.
    """
    if environ.pop(_ADOPTED, "") or not file.exists():
        return
    variables: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    added = {name: value for name, value in variables.items() if name not in environ}
    if added:
        restart({**environ, **added, _ADOPTED: "yes"})


def begin_anew(environ: dict[str, str]) -> NoReturn:
    """Run this program again in place of this process."""
    arguments = [sys.executable, "-m", "airflow_mesos.container", *sys.argv[1:]]
    os.execve(sys.executable, arguments, environ)  # noqa: S606 - itself


def prepare(name: str) -> None:
    """Wait until the component can run."""
    for module in _MODULES.get(name, ()):
        importlib.import_module(module)
    try:
        with closing(Database(database_url())) as database:
            expected = expected_revisions()
            if name == "api-server":
                migrate(wait_for_database(database, say), expected)
            else:
                wait_for_schema(database, expected, say)
    except DatabaseError as error:
        say(str(error))
        sys.exit(69)


def migrate(revisions: frozenset[str], expected: frozenset[str]) -> None:
    """Bring the database to the installed Airflow's schema. Of several that do so at once, Airflow lets one."""
    from airflow import __version__ as airflow_version  # noqa: PLC0415 - not before the exit is prepared
    from airflow.configuration import conf  # noqa: PLC0415
    from airflow.utils import db  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    # Tables of others have revisions of their own.
    if revisions == expected and not conf.get("database", "external_db_managers", fallback=""):
        return
    say(f"Migrating the database to Airflow {airflow_version}")
    try:
        db.upgradedb()
    except CommandError as error:
        raise DatabaseError(
            f"The database cannot be migrated to Airflow {airflow_version}: {error}. Is it of a newer one?"
        ) from None


def say(text: str) -> None:
    """Tell a person who reads the container's log."""
    print(f"mesos-airflow: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
