"""A DAG file of Airflow that cannot be imported."""

import pandsa  # no such module
from airflow.sdk import dag
