"""
Tells what an Airflow image of a person's own has, in one line of JSON: run in a container of it (checkAirflowImage).

For any Python 3: its age is one of the things to be found out.
"""

import json
import platform
import sys


def version_of(*names: str) -> "str | None":
    """Return the version of the first of these distributions that is installed, or None."""
    try:
        from importlib import metadata  # noqa: PLC0415
    except ImportError:
        return None
    for name in names:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return None


def folder_of(module: str) -> "str | None":
    """Return the folder in which a module's package lies, or None."""
    try:
        from importlib.util import find_spec  # noqa: PLC0415

        found = find_spec(module)
    except (ImportError, ValueError):
        return None
    if found is None or not found.submodule_search_locations:
        return None
    return next(iter(found.submodule_search_locations)).rsplit("/", 1)[0]


def user_site() -> "str | None":
    """Return the folder of packages that only this user's home has, or None where it isn't looked at."""
    import site  # noqa: PLC0415

    return site.getusersitepackages() if site.ENABLE_USER_SITE else None


airflow = folder_of("airflow")
print(
    json.dumps(
        {
            "python": sys.executable,
            "version": platform.python_version(),
            "implementation": platform.python_implementation(),
            "airflow": version_of("apache-airflow", "apache-airflow-core") if airflow else None,
            "drivers": [name for name in ("psycopg2", "asyncpg") if folder_of(name)],
            # A task's process has another home, and would not find what lies below this user's.
            "site_folder": airflow if airflow and airflow == user_site() else None,
        }
    )
)
