"""An executor made with pymesos: a task's work is to send its data back as a message."""

import time
from threading import Thread

from pymesos import Executor, MesosExecutorDriver


class Echo(Executor):
    def launchTask(self, driver, task):
        Thread(target=self.run, args=(driver, task)).start()

    def run(self, driver, task):
        self.update(driver, task, "TASK_RUNNING")
        driver.sendFrameworkMessage(task["data"])
        self.update(driver, task, "TASK_FINISHED")

    def update(self, driver, task, state):
        driver.sendStatusUpdate({"task_id": task["task_id"], "state": state, "timestamp": time.time()})


MesosExecutorDriver(Echo()).run()
