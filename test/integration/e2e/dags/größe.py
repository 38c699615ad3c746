"""Text beyond ASCII everywhere that it can stand: file name, task id, parameters, result, log."""

from airflow.sdk import dag, get_current_context, task


@dag(schedule=None, params={"Stadt": "Köln"})
def staedte():
    @task
    def grüße() -> str:
        city = get_current_context()["params"]["Stadt"]
        print(f"Grüße aus {city} 🌦")
        return city

    @task
    def zurück(city: str) -> None:
        if city != "Łódź 東京":
            raise ValueError(city)
        print(f"zurück aus {city}")

    zurück(grüße())


staedte()
