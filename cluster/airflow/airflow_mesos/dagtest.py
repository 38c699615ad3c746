"""
Runs a DAG here, in one process, as `dag.test()` does: `python -m airflow_mesos.dagtest FOLDER FILE DAG_ID`.

"Debug DAG" of the editor starts it under a debugger, in the cluster's own Python. It touches nothing of the cluster:
FOLDER is a scratch AIRFLOW_HOME with a database of its own, made for this run by
src/airflow/scratch.ts, and gone after it.

FOLDER/environment.json holds the variables that Airflow and the tasks get, secrets among them. It is read and gone
before any code of the DAG runs, so that they stand in no command line and in no launch configuration.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

ENVIRONMENT = "environment.json"


def main(arguments: list[str]) -> int:
    """Run the DAG; 0 where the run succeeded, 1 where it did not, 2 where there was no DAG to run."""
    if len(arguments) != 3:
        sys.stderr.write("usage: python -m airflow_mesos.dagtest FOLDER FILE DAG_ID\n")
        return 2
    folder, file, dag_id = Path(arguments[0]), arguments[1], arguments[2]
    variables = folder / ENVIRONMENT
    # Its presence shows that the folder is one of ours, which may be removed.
    os.environ.update(json.loads(variables.read_text(encoding="utf-8")))
    variables.unlink()
    try:
        return _test(file, dag_id)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _test(file: str, dag_id: str) -> int:
    from airflow.dag_processing.dagbag import BundleDagBag  # noqa: PLC0415 - configured only now

    folder = os.environ["AIRFLOW__CORE__DAGS_FOLDER"]
    bag = BundleDagBag(dag_folder=file, bundle_path=Path(folder), bundle_name="dags-folder", safe_mode=False)
    dag = bag.dags.get(dag_id)
    if dag is None:
        for name, error in bag.import_errors.items():
            sys.stderr.write(f"{name}: {error}\n")
        sys.stderr.write(f"There is no DAG {dag_id} in {file}.\n")
        return 2
    run = dag.test()
    for name, state in _ends(run):
        print(f"{name}: {state}")
    print(f"{dag_id}: {_word(run.state)}", flush=True)
    return 0 if _word(run.state) == "success" else 1


def _ends(run: Any) -> list[tuple[str, str]]:
    instances = sorted(run.get_task_instances(), key=lambda each: (each.start_date is None, each.start_date))
    return [
        (each.task_id + (f"[{each.map_index}]" if each.map_index >= 0 else ""), _word(each.state))
        for each in instances
    ]


def _word(state: Any) -> str:
    return str(getattr(state, "value", state) or "not run")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
