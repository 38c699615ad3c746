"""Tasks for test_debug.py: line numbers of it are breakpoints there."""

from airflow.sdk import Variable, dag, get_current_context, task


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


debugged()
