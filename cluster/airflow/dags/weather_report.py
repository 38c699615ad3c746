"""
### A weather report, in eight tasks

1. `read_stations` reads a table that is shipped with this file, checks it and names its regions.
2. `summarise` runs once for each region, side by side: Airflow maps it over what `read_stations` returned.
3. `write_report` ranks the regions and writes the report, into its sandbox and as its XCom.

Trigger it with another title, or with another month to begin with.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import fmean
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task

STATIONS = Path(__file__).parent / "data" / "stations.csv"
LETTERS = "▁▂▃▄▅▆▇█"

Row = dict[str, str]


def rows_of(region: str | None = None) -> list[Row]:
    """Read the table, or one region of it."""
    with STATIONS.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if region in (None, row["region"])]


def sparkline(values: list[float]) -> str:
    """Draw values as a row of small bars."""
    low, high = min(values), max(values)
    return "".join(LETTERS[round((value - low) / (high - low or 1) * (len(LETTERS) - 1))] for value in values)


@dag(
    schedule=None,
    catchup=False,
    tags=["example"],
    doc_md=__doc__,
    params={
        "title": Param("Wetterbericht – das Jahr in sechs Regionen ☂", type="string", minLength=1),
        "first_month": Param("2025-01", type="string", pattern=r"^2025-(0[1-9]|1[0-2])$"),
    },
)
def weather_report() -> None:
    """Read a table, summarise its regions side by side, write a report."""

    @task
    def read_stations() -> list[str]:
        """Check the table and give its regions."""
        rows = rows_of()
        stations: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            stations[row["region"]].add(row["station"])
        print(f"{len(rows)} rows in {STATIONS.name}")
        for region, names in stations.items():
            print(f"{region}: {', '.join(sorted(names))}")
        return list(stations)

    @task(
        map_index_template="{{ region }}",
        executor_config={"cpus": 0.5, "mem": "512 MB"},
        show_return_value_in_logs=False,
    )
    def summarise(region: str) -> dict[str, Any]:
        """Boil a region's rows down to a few numbers."""
        context = get_current_context()
        context["region"] = region  # type: ignore[typeddict-unknown-key] # what map_index_template shows
        first = context["params"]["first_month"]
        months: dict[str, list[float]] = defaultdict(list)
        by_station: dict[str, list[float]] = defaultdict(list)
        rain = 0.0
        for row in rows_of(region):
            if row["month"] >= first:
                months[row["month"]].append(float(row["temperature_c"]))
                by_station[row["station"]].append(float(row["temperature_c"]))
                rain += float(row["rain_mm"])
        means = [fmean(values) for _, values in sorted(months.items())]
        warmest = max(by_station, key=lambda station: fmean(by_station[station]))
        summary = {
            "region": region,
            "mean": round(fmean(means), 1),
            "rain": round(rain / len(by_station)),
            "warmest": warmest,
            "year": sparkline(means),
        }
        print(f"{region}: {len(by_station)} stations, {len(months)} months from {first} on")
        print(
            f"{summary['mean']} °C on average, {summary['rain']} mm of rain a station, warmest in {warmest}"
        )
        print(f"temperature by month {summary['year']}")
        return summary

    @task(show_return_value_in_logs=False)
    def write_report(summaries: list[dict[str, Any]]) -> str:
        """Rank the regions and write it all down."""
        title = get_current_context()["params"]["title"]
        # What mapped tasks returned comes one by one, or, as a slice, at once.
        ranked = sorted(summaries[:], key=lambda summary: summary["mean"], reverse=True)
        lines = [f"# {title}", ""]
        for place, each in enumerate(ranked, 1):
            numbers = f"{each['mean']} °C, {each['rain']} mm, warmest in {each['warmest']}"
            lines.append(f"{place}. {each['region']} {each['year']} {numbers}")
        report = "\n".join(lines) + "\n"
        folder = Path(os.environ.get("MESOS_SANDBOX") or tempfile.mkdtemp(prefix="weather-report-"))
        path = folder / "report.md"
        path.write_text(report, encoding="utf-8")
        print(report)
        print(f"written to {path}")
        return report

    write_report(summarise.expand(region=read_stations()))


weather_report()
