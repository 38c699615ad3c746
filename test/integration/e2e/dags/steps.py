"""Steps one after the other that take their time and leave a mark each, so that a step that runs twice is seen."""

import os
import time

from airflow.sdk import dag, get_current_context, task


@dag(schedule=None)
def steps():
    def step(name: str):
        @task(task_id=name)
        def run() -> None:
            conf = get_current_context()["dag_run"].conf
            with open(os.path.join(conf["marks"], name), "a", encoding="utf-8") as mark:
                mark.write(f"{os.getpid()}\n")
            print(f"{name} begins", flush=True)
            time.sleep(conf["seconds"])
            print(f"{name} ends", flush=True)

        return run()

    step("one") >> step("two") >> step("three")


steps()
