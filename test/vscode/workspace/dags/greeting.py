from datetime import datetime, timezone

from airflow.sdk import dag, task


@dag(schedule=None, start_date=datetime(2026, 1, 1, tzinfo=timezone.utc), catchup=False)
def greeting():
    @task
    def cities() -> list[str]:
        return ["Zürich", "東京"]

    @task
    def greet(city: str) -> str:
        print(f"Grüezi, {city}!", flush=True)
        return city

    greet.expand(city=cities())


greeting()
