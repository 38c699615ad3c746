"""Tasks for test_task.py."""

import logging
import os
import sys
import time
from pathlib import Path

from airflow.sdk import BaseOperator, dag, task


class Sleeper(BaseOperator):
    """Sleeps until it is killed."""

    def execute(self, context: object) -> None:
        self.go_on = True
        print("asleep", flush=True)
        while self.go_on:
            time.sleep(0.05)

    def on_kill(self) -> None:
        print("on_kill was called", flush=True)
        self.go_on = False


@dag(dag_id="größen", schedule=None)
def groessen() -> None:
    @task(task_id="grüßen")
    def greet() -> None:
        print("Grüße aus dem Sandkasten: 日本 ✓")
        print("nach stderr: größer", file=sys.stderr)
        logging.getLogger("mein.logger").warning("Maß %s", "süß")
        print("environment", {name: os.environ.get(name) for name in ("VON_DOTENV", "HOME", "AIRFLOW_HOME")})
        print("mesos", sorted(name for name in os.environ if name.startswith("MESOS_")))
        print(
            "initial",
            b"ticket-1" in Path("/proc/self/environ").read_bytes() if sys.platform == "linux" else False,
        )

    @task
    def fail() -> None:
        try:
            int("zwölf")
        except ValueError as error:
            raise RuntimeError("kaputt: ä") from error

    @task
    def deaf() -> None:
        print("asleep", flush=True)
        while True:
            time.sleep(0.1)

    deaf()
    greet()
    fail()
    Sleeper(task_id="sleep")


groessen()
