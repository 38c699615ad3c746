from datetime import datetime, timezone

from airflow.sdk import dag, get_current_context, task


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    params={"broken": False},
)
def greeting():
    @task
    def cities() -> list[str]:
        if get_current_context()["params"]["broken"]:
            raise ValueError("no map of the world")
        return ["Zürich", "東京"]

    @task
    def greet(city: str) -> str:
        print(f"Grüezi, {city}!", flush=True)
        return city

    greet.expand(city=cities())


greeting()
