from __future__ import annotations

from airflow.providers_manager import _create_provider_info_schema_validator

from airflow_mesos.executor import MesosExecutor
from airflow_mesos.provider import get_provider_info


def test_airflow_takes_it_for_a_provider():
    info = get_provider_info()
    _create_provider_info_schema_validator().validate(info)
    assert info["executors"] == [f"{MesosExecutor.__module__}.{MesosExecutor.__name__}"]
