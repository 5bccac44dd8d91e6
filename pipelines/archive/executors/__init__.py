"""Where the work is done: in this process, in several, or on a Ray cluster."""

from pipelines.archive.executors.here import Done, Executor, InProcess
from pipelines.archive.executors.processes import Processes

__all__ = ["Done", "Executor", "InProcess", "Processes"]
