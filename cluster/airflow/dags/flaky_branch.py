"""
### What a retry and a skipped task look like

`fetch` fails at its first try and succeeds at its second, two seconds later. `choose` takes one of two ways, the other
one is skipped, and `finish` runs whichever it was.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import Param, dag, get_current_context, task


@dag(
    schedule=None,
    catchup=False,
    tags=["example"],
    doc_md=__doc__,
    params={"way": Param("left", enum=["left", "right"])},
)
def flaky_branch() -> None:
    """Fail once, then take one of two ways."""

    @task(retries=1, retry_delay=timedelta(seconds=2))
    def fetch() -> int:
        """Fail at the first try."""
        try_number = get_current_context()["ti"].try_number
        print(f"try {try_number}")
        if try_number == 1:
            raise ConnectionError("nobody answers at the first try")
        return 42

    @task.branch
    def choose(answer: int) -> str:
        """Take the way that the run was triggered with."""
        way = get_current_context()["params"]["way"]
        print(f"{answer} in hand, going {way}")
        return way

    @task
    def left() -> None:
        """Go left."""
        print("went left")

    @task
    def right() -> None:
        """Go right."""
        print("went right")

    @task(trigger_rule="none_failed_min_one_success")
    def finish() -> None:
        """Come together again."""
        print("arrived")

    choose(fetch()) >> [left(), right()] >> finish()


flaky_branch()
