"""Runs pytest over the folders given and writes its counts where MESOS_AIRFLOW_TEST_RESULT says."""

import json
import os
import sys
from pathlib import Path

import pytest


class Results:
    """Counts each test once: failed if any of its phases failed, skipped if it was skipped."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.failures: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        known = self.outcomes.get(report.nodeid)
        if report.failed or known == "failed":
            self.outcomes[report.nodeid] = "failed"
            if report.failed:
                self.failures.append(f"{report.nodeid}\n{report.longreprtext}")
        elif report.skipped:
            self.outcomes[report.nodeid] = "skipped"
        elif report.when == "call":
            self.outcomes[report.nodeid] = "passed"


def main() -> int:
    results = Results()
    status = pytest.main(sys.argv[1:], plugins=[results])
    file = os.environ.get("MESOS_AIRFLOW_TEST_RESULT")
    if file:
        outcomes = results.outcomes.items()
        counts = {
            "passed": sum(outcome == "passed" for _, outcome in outcomes),
            "failed": sum(outcome == "failed" for _, outcome in outcomes),
            "skipped": [test for test, outcome in outcomes if outcome == "skipped"],
            "failures": results.failures,
        }
        Path(file).write_text(json.dumps(counts), encoding="utf-8")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
