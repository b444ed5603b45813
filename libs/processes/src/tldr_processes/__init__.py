"""Work that would block the event loop, in processes of its own."""

from tldr_processes.spawning import without_main
from tldr_processes.worker_processes import WorkerCrashed, WorkerProcesses, WorkerTimedOut

__all__ = ["WorkerCrashed", "WorkerProcesses", "WorkerTimedOut", "without_main"]
