"""Compares what Airflow and a task were given with what a file says."""

import hashlib
import os

from airflow.sdk import Variable, dag, get_current_context, task


@dag(schedule=None)
def secrets():
    @task
    def compare() -> None:
        expected = (get_current_context()["dag_run"].conf or {})["digests"]
        found = [os.environ["PASSPHRASE"], Variable.get("warehouse")]
        digests = [hashlib.sha256(secret.encode()).hexdigest() for secret in found]
        if digests != expected:
            raise ValueError(digests)

    compare()


secrets()
