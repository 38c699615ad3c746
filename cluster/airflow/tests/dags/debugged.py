"""Tasks for test_debug.py: line numbers of it are breakpoints there."""

from datetime import timedelta

from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
from airflow.sdk import BaseOperator, Variable, dag, get_current_context, task


class Patient(BaseOperator):
    """Defers itself, and goes on with what its trigger gave."""

    def execute(self, context: object) -> None:
        self.defer(trigger=TimeDeltaTrigger(timedelta(seconds=0)), method_name="go_on")

    def go_on(self, context: object, event: object = None) -> None:
        print("went on with", type(event).__name__)


@dag(dag_id="debugged", schedule=None)
def debugged() -> None:
    @task
    def numbers() -> list[int]:
        return [1, 2]

    @task
    def add(numbers: list[int]) -> int:
        total = sum(numbers)
        print("the total is", total)  # a breakpoint
        context = get_current_context()
        context["ti"].xcom_push(key="half", value=total / 2)
        print("half is", context["ti"].xcom_pull(task_ids="add", key="half"))
        print("conf", context["dag_run"].conf, "colour", Variable.get("colour"))
        return total

    @task
    def fail() -> None:
        raise RuntimeError("kaputt")

    add(numbers())
    fail()
    Patient(task_id="patient")


debugged()
