"""
Airflow's database in PostgreSQL, looked at before Airflow itself is up: whether it is there, and has Airflow's schema.

Airflow's own check loads Alembic and all its migrations, 0.3 s of processor time in each component. Here a row is read.
"""

from __future__ import annotations

import importlib.util
import os
import re
import time
from collections.abc import Callable
from configparser import RawConfigParser
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from airflow_mesos.errors import DatabaseError

_T = TypeVar("_T")

#: Seconds. PostgreSQL's first start makes its files, and the migration waits for processors that all components use.
_DATABASE_PATIENCE = 300.0
_SCHEMA_PATIENCE = 600.0
#: Seconds between two words about what is waited for.
_WORD_EVERY = 15.0

# Asked first: an error would fill the database's log.
_TABLES = "SELECT to_regclass('alembic_version') IS NOT NULL AND to_regclass('slot_pool') IS NOT NULL"
_SCHEMA = (
    "SELECT (SELECT array_agg(version_num) FROM alembic_version),"
    " EXISTS (SELECT FROM slot_pool WHERE pool = 'default_pool')"
)
_BEAT = (
    "SELECT extract(epoch FROM now() - max(latest_heartbeat)) FROM job"
    " WHERE job_type = %s AND hostname = %s AND state = 'running'"
)


class Database:
    """One connection, made by the URL that Airflow has (`postgresql+psycopg2://…`)."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self.address = f"{self._parts.hostname}:{self._parts.port or 5432}"
        self._connection: Any = None

    def schema(self) -> tuple[frozenset[str], bool]:
        """Tell the revisions that the database has, none of a new one, and whether its first rows are in it."""
        (migrated,) = self._row(_TABLES)
        if not migrated:
            return frozenset(), False
        revisions, complete = self._row(_SCHEMA)
        return frozenset(revisions or ()), bool(complete)

    def seconds_since_beat(self, job_type: str, host: str) -> float | None:
        """Tell how long ago a component of this host was heard of; None of one that was not."""
        (seconds,) = self._row(_BEAT, (job_type, host))
        return None if seconds is None else float(seconds)

    def _row(self, statement: str, values: tuple[object, ...] = ()) -> tuple[Any, ...]:
        try:
            if self._connection is None:
                self._connection = self._connect()
            with self._connection.cursor() as cursor:
                cursor.execute(statement, values)
                row: tuple[Any, ...] = cursor.fetchone()
                return row
        except self._driver().OperationalError as error:
            self.close()
            raise DatabaseError(str(error).strip().splitlines()[0]) from None

    def _connect(self) -> Any:
        parts = self._parts
        connection = self._driver().connect(
            host=parts.hostname,
            port=parts.port or 5432,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            dbname=unquote(parts.path.removeprefix("/")),
            connect_timeout=5,
        )
        connection.autocommit = True
        return connection

    def _driver(self) -> Any:
        if self._parts.scheme != "postgresql+psycopg2":
            raise DatabaseError(f"The database is not reached by psycopg2, but by {self._parts.scheme}.")
        import psycopg2  # noqa: PLC0415 - a cluster without PostgreSQL has none

        return psycopg2

    def close(self) -> None:
        """End the connection, if there is one; the next question makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def database_url() -> str:
    """Read the database's URL, which holds a password, from Airflow's configuration."""
    home = os.environ.get("AIRFLOW_HOME", "")
    file = os.environ.get("AIRFLOW_CONFIG", f"{home}/airflow.cfg")
    # Nothing is interpolated: what is read may hold a percent sign, which the file has doubled.
    configuration = RawConfigParser()
    if not configuration.read(file):
        raise DatabaseError(f"There is no configuration at {file}.")
    return configuration.get("database", "sql_alchemy_conn").replace("%%", "%")


def expected_revisions() -> frozenset[str]:
    """Tell the revision that the installed Airflow's migrations lead to, without loading them."""
    package = importlib.util.find_spec("airflow")
    if package is None or package.submodule_search_locations is None:
        raise DatabaseError("Airflow is not installed.")
    made: set[str] = set()
    followed: set[str] = set()
    for folder in package.submodule_search_locations:
        for migration in Path(folder, "migrations", "versions").glob("*.py"):
            text = migration.read_text(encoding="utf-8")
            made.update(re.findall(r"^revision(?:: str)? = [\"'](\w+)[\"']", text, re.MULTILINE))
            before = re.findall(r"^down_revision(?:: [^=]+)? = (.+)", text, re.MULTILINE)
            followed.update(re.findall(r"[\"'](\w+)[\"']", " ".join(before)))
    heads = frozenset(made - followed)
    if not heads:
        raise DatabaseError("This Airflow's migrations are not where they are looked for.")
    return heads


def wait_for_database(database: Database, say: Callable[[str], None]) -> frozenset[str]:
    """Wait until the database answers; tell the revisions that it has. One without its first rows counts as new."""

    def look() -> frozenset[str] | None:
        revisions, complete = database.schema()
        return revisions if complete else frozenset()

    return _wait(look, f"the database at {database.address}", _DATABASE_PATIENCE, say)


def wait_for_schema(database: Database, expected: frozenset[str], say: Callable[[str], None]) -> None:
    """Wait until somebody, the api-server's container, has brought the database to the expected revision."""

    def look() -> bool | None:
        return database.schema() == (expected, True) or None

    _wait(look, f"the api-server to migrate the database at {database.address}", _SCHEMA_PATIENCE, say)


def _wait(look: Callable[[], _T | None], what: str, patience: float, say: Callable[[str], None]) -> _T:
    start = told = time.monotonic()
    pause = 0.1
    while True:
        why = ""
        try:
            found = look()
            if found is not None:
                return found
        except DatabaseError as error:
            why = f": {error}"
        now = time.monotonic()
        if now - start > patience:
            raise DatabaseError(f"Waited {patience:.0f} s in vain for {what}{why}")
        if now - told > _WORD_EVERY:
            told = now
            say(f"Waiting for {what}{why}")
        time.sleep(pause)
        pause = min(pause * 1.5, 1.0)
