"""
Airflow's tasks on Apache Mesos, by way of the Mesos Airflow service.

`executor` runs in Airflow's scheduler, `logs` in its api-server, `task` is the first process of a task on an agent.
Nothing is imported here: `task` must be under way before Airflow is loaded.
"""

__version__ = "0.1.0"
