"""Tasks of every shape: dependent, mapped, failing once and retried, skipped; and one that runs after all of them.

Where the run's conf has `until`, the first one runs until there is a file of that name.
"""

import time
from datetime import timedelta
from pathlib import Path

from airflow.sdk import dag, get_current_context, task


@dag(schedule=None)
def shapes():
    @task
    def numbers() -> list[int]:
        until = (get_current_context()["dag_run"].conf or {}).get("until")
        while until and not Path(until).exists():
            time.sleep(0.2)
        return [1, 2, 3]

    @task
    def double(number: int) -> int:
        return 2 * number

    @task
    def total(doubled: list[int]) -> int:
        result = sum(doubled)
        print(f"the total is {result}")
        if result != 12:
            raise ValueError(result)
        return result

    @task(retries=1, retry_delay=timedelta(seconds=1))
    def flaky() -> None:
        attempt = get_current_context()["ti"].try_number
        if attempt == 1:
            raise RuntimeError("the first try fails on purpose")
        print(f"try {attempt} succeeds")

    @task.branch
    def choose() -> str:
        return "chosen"

    @task
    def chosen() -> None:
        pass

    @task
    def passed_over() -> None:
        raise AssertionError("this must not run")

    @task(trigger_rule="none_failed")
    def last() -> None:
        pass

    way = [chosen(), passed_over()]
    choose() >> way
    end = last()
    way >> end
    [total(double.expand(number=numbers())), flaky()] >> end


shapes()
