from __future__ import annotations

import math

import pytest

from airflow_mesos.errors import ExecutorConfigError
from airflow_mesos.needs import needs_of


@pytest.mark.parametrize("config", [None, {}, {"mesos": {}}])
def test_nothing_is_asked_for(config):
    assert needs_of(config) == {}


@pytest.mark.parametrize(
    ("mem", "megabytes"),
    [
        (512, 512),
        (512.0, 512),
        ("512", 512),
        ("512 MB", 512),
        ("1 GB", 1024),
        ("1.5GiB", 1536),
        ("2g", 2048),
        (" 65536 kb ", 64),
        ("1TB", 1024**2),
    ],
)
def test_memory_in_all_its_forms(mem, megabytes):
    assert needs_of({"mem": mem}) == {"resources": {"mem": megabytes}}


def test_all_keys_flat_or_nested():
    config = {"cpus": 0.25, "mem": "1 GB", "disk": 0, "gpus": 2, "constraints": {"rack": "süd", "zone": 3}}
    expected = {
        "resources": {"cpus": 0.25, "mem": 1024, "disk": 0, "gpus": 2},
        "constraints": {"rack": "süd", "zone": "3"},
    }
    assert needs_of(config) == expected
    assert needs_of({"mesos": config, "pod_override": object()}) == expected


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"cpus": 0}, ["cpus", "0.01 to 1024", "0"]),
        ({"cpus": -1}, ["cpus", "0.01 to 1024"]),
        ({"cpus": "two"}, ["cpus", "'two'"]),
        ({"cpus": True}, ["cpus", "True"]),
        ({"cpus": math.nan}, ["cpus", "nan"]),
        ({"cpus": math.inf}, ["cpus", "inf"]),
        ({"mem": 16}, ["mem", "32 MB to 16 TB", "16"]),
        ({"mem": "1 GBit"}, ["mem", "'1 GBit'"]),
        ({"mem": "lots"}, ["mem", "'lots'", '"1.5 GB"']),
        ({"mem": [512]}, ["mem", "a list"]),
        ({"disk": -5}, ["disk", "0 to 1 PB"]),
        ({"gpus": 0.5}, ["gpus", "whole number", "0.5"]),
        ({"memory": 512}, ["'memory'", "'mem'", "constraints"]),
        ({"cpu": 1}, ["'cpu'", "'cpus'"]),
        ({3: 1}, ["3 is not known"]),
        ({"constraints": ["a"]}, ["constraints", "a list"]),
        ({"constraints": {"rack": None}}, ["constraints", "'rack'"]),
        ({"constraints": {"": "a"}}, ["constraints", "''"]),
        ({"pod_override": object()}, ["'pod_override'", "Kubernetes", "mesos"]),
        ({"MesosExecutor": {"request_cpu": 1}}, ["'MesosExecutor'", "Airflow 1"]),
        ({"mesos": 3}, ["mesos", "dict", "int"]),
    ],
)
def test_what_is_wrong_is_named_with_its_range(config, words):
    with pytest.raises(ExecutorConfigError) as error:
        needs_of(config)
    for word in words:
        assert word in str(error.value)
