"""A framework made with pymesos: three tasks of a custom executor, one after the other, and one command task.

Prints a line of JSON for each update and for each message of the executor; ends when all four have ended.
"""

import getpass
import json
import sys
from pathlib import Path

from pymesos import MesosSchedulerDriver, Scheduler, decode_data, encode_data

master, command = sys.argv[1:]
executor = {
    "executor_id": {"value": "pymesos-executor"},
    "name": "pymesos executor",
    "command": {
        "value": f"exec {sys.executable} {Path(__file__).with_name('pymesos_executor.py')}",
        "environment": {"variables": [{"name": "PYTHONPATH", "value": ":".join(sys.path[1:2])}]},
    },
    "resources": [
        {"name": "cpus", "type": "SCALAR", "scalar": {"value": 0.1}},
        {"name": "mem", "type": "SCALAR", "scalar": {"value": 64}},
    ],
}


def tell(**what):
    print(json.dumps(what), flush=True)


class Launcher(Scheduler):
    def __init__(self):
        self.waiting = ["one", "two", "three", "command"]
        self.living = set(self.waiting)

    def resourceOffers(self, driver, offers):
        for offer in offers:
            if not self.waiting:
                driver.declineOffer(offer["id"], {"refuse_seconds": 1000})
                continue
            name = self.waiting.pop(0)
            task = {
                "task_id": {"value": name},
                "name": name,
                "agent_id": offer["agent_id"],
                "resources": [
                    {"name": "cpus", "type": "SCALAR", "scalar": {"value": 0.1}},
                    {"name": "mem", "type": "SCALAR", "scalar": {"value": 32}},
                ],
            }
            if name == "command":
                task["command"] = {"value": command}
            else:
                task["executor"] = executor
                task["data"] = encode_data(f"hello {name}".encode())
            driver.launchTasks(offer["id"], [task], {"refuse_seconds": 0})

    def frameworkMessage(self, driver, executor_id, agent_id, message):
        tell(message=decode_data(message).decode())

    def statusUpdate(self, driver, update):
        tell(task=update["task_id"]["value"], state=update["state"])
        if update["state"] in ("TASK_FINISHED", "TASK_FAILED", "TASK_ERROR", "TASK_LOST", "TASK_KILLED"):
            self.living.discard(update["task_id"]["value"])
        if not self.living:
            driver.stop()

    def error(self, driver, message):
        tell(error=message)


driver = MesosSchedulerDriver(Launcher(), {"user": getpass.getuser(), "name": "pymesos"}, master)
driver.run()
