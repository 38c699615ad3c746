from __future__ import annotations

import subprocess
import sys

from airflow import __version__ as airflow_version


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=120, check=False
    )


def test_it_is_airflows_own_command_line():
    ran = _run("-m", "airflow_mesos.component", "version")
    assert (ran.returncode, ran.stdout.strip().splitlines()[-1]) == (0, airflow_version)


def test_it_ends_with_airflows_status():
    refused = _run("-m", "airflow_mesos.component", "no-such-command")
    assert refused.returncode == 2
    assert "no-such-command" in refused.stderr


def test_an_error_is_told():
    failed = _run(
        "-c", "import runpy; runpy.run_module = None; from airflow_mesos.component import main; main()"
    )
    assert failed.returncode == 1
    assert "TypeError" in failed.stderr


_QUICK = """
import atexit, os, sys
from airflow_mesos.component import QuickExit
quick = QuickExit()
quick.status = 3
"""


def test_what_is_to_be_done_at_the_end_is_done():
    ended = _run("-c", _QUICK + "atexit.register(print, 'good bye', end='')")
    assert (ended.returncode, ended.stdout) == (3, "good bye")


def test_a_forked_process_ends_as_it_likes():
    ended = _run(
        "-c", _QUICK + "sys.exit(5) if os.fork() == 0 else print(os.waitstatus_to_exitcode(os.wait()[1]))"
    )
    assert (ended.returncode, ended.stdout) == (3, "5\n")
