"""A task that leaves files of every kind in its sandbox: text, bytes, folders, links within it and out of it."""

import os
from pathlib import Path

from airflow.sdk import dag, task


@dag(schedule=None)
def leaves_files():
    @task
    def leave() -> None:
        sandbox = Path(os.environ["MESOS_SANDBOX"])
        out = sandbox / "out" / "größe"
        out.mkdir(parents=True)
        (out / "table.csv").write_text("a;b\n1;2\n")
        (sandbox / "all.bin").write_bytes(bytes(range(256)) * 5000)
        (sandbox / "away").symlink_to("/etc/passwd")
        (sandbox / "up").symlink_to("..")
        (sandbox / "near").symlink_to("out/größe/table.csv")
        print("all is written")

    leave()


leaves_files()
