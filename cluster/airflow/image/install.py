"""
Installs Airflow's packages while its image is built: `python3 install.py airflow`, then `… requirements`.

Runs in stages of the Dockerfile that are thrown away, with any Python 3 that has venv and pip. What is needed to reach
the package index (addresses, logins, certificate authorities, proxies) lies in `network/` beside it and is in no layer
of the image that comes out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = Path("/opt/mesos-airflow/venv")
#: What the requirements add to the environment, to be a layer of its own.
ADDED = Path("/added")
INSTALLER = HERE / "installer"


def main() -> None:
    """Do the step that is named."""
    steps = {"airflow": install_airflow, "requirements": install_requirements}
    steps[sys.argv[1]]()


def install_airflow() -> None:
    """Make the environment from the locks, with bytecode."""
    install_uv()
    uv("venv", "--no-project", "--python", sys.executable, str(ENVIRONMENT))
    names = ("airflow-3.txt", "postgres.txt", "debug.txt")
    locks = [option for name in names for option in ("-r", str(HERE / "locks" / name))]
    # With every file's hash known it doesn't matter which of several indexes has it.
    pip_install("--require-hashes", "--only-binary", ":all:", "--index-strategy", "unsafe-best-match", *locks)


def install_requirements() -> None:
    """Add the workspace's requirements, held to the locks' versions; set apart the files that they brought."""
    ADDED.mkdir()
    requirements = json.loads((HERE / "requirements" / "mesos-airflow.json").read_text())
    if requirements is None:
        return
    install_uv()
    marker = HERE / "marker"
    marker.touch()
    before = marker.stat().st_ctime_ns
    os.chdir(HERE / "requirements")
    pip_install("-r", requirements, "-c", str(HERE / "requirements" / "mesos-airflow-constraints.txt"))
    for file in sorted(ENVIRONMENT.rglob("*")):
        if (file.is_symlink() or file.is_file()) and file.lstat().st_ctime_ns >= before:
            target = ADDED / file.relative_to("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target, follow_symlinks=False)


def install_uv() -> None:
    """Fetch the pinned uv with pip, which brings the person's settings along."""
    run(sys.executable, "-m", "venv", str(INSTALLER))
    pip = [
        str(INSTALLER / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    run(*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(HERE / "locks" / "uv.txt"))


def pip_install(*arguments: str) -> None:
    """Install into the environment."""
    python = str(ENVIRONMENT / "bin" / "python")
    uv("pip", "install", "--python", python, "--compile-bytecode", "--no-cache", *arguments)


def uv(*arguments: str) -> None:
    """Run uv."""
    run(str(INSTALLER / "bin" / "uv"), *arguments)


def run(*command: str) -> None:
    """Run an installer with what the person's network needs; end where it fails, its output says why."""
    environment = {**os.environ, **json.loads((HERE / "network" / "environment.json").read_text())}
    # Airflow's processes would compile its sources at each start.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    status = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own words
    if status != 0:
        sys.exit(status)


if __name__ == "__main__":
    main()
