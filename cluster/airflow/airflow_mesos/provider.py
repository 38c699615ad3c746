"""What Airflow's provider manager is told where this distribution is installed by pip."""

from __future__ import annotations

from typing import Any

from airflow_mesos import __version__


def get_provider_info() -> dict[str, Any]:
    """Give the provider's name, executor and options."""
    return {
        "package-name": "airflow-mesos",
        "name": "Apache Mesos",
        "description": "Runs tasks on Apache Mesos through the Mesos Airflow service.",
        "versions": [__version__],
        "executors": ["airflow_mesos.executor.MesosExecutor"],
        "config": {
            "mesos": {
                "description": "The Mesos Airflow service, for MesosExecutor and its log reader.",
                "options": {
                    "url": _option("The service's address.", example="http://127.0.0.1:5051"),
                    "token_file": _option("File that holds the deployment's token."),
                    "deployment": _option("The id of this Airflow deployment, a UUID."),
                    "default_cpus": _option("Cores for tasks that ask for none.", example="0.5"),
                    "default_mem": _option("Memory for tasks that ask for none.", example="1 GB"),
                    "default_disk": _option("Disk space for tasks that ask for none.", example="2 GB"),
                    "default_gpus": _option("GPUs for tasks that ask for none.", example="0"),
                },
            }
        },
    }


def _option(description: str, *, example: str | None = None) -> dict[str, Any]:
    return {
        "description": description,
        "version_added": "0.1.0",
        "type": "string",
        "example": example,
        "default": None,
    }
