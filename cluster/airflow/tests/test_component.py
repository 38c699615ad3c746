from __future__ import annotations

import subprocess
import sys

from airflow import __version__ as airflow_version


def test_it_is_airflows_own_command_line():
    command = [sys.executable, "-m", "airflow_mesos.component"]
    ran = subprocess.run([*command, "version"], capture_output=True, text=True, timeout=120, check=True)
    assert ran.stdout.strip().splitlines()[-1] == airflow_version
    refused = subprocess.run(
        [*command, "no-such-command"], capture_output=True, text=True, timeout=120, check=False
    )
    assert refused.returncode == 2
    assert "no-such-command" in refused.stderr
