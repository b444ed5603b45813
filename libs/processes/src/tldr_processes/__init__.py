"""Work that would block the event loop, in processes of its own."""

from tldr_processes.worker_processes import WorkerCrashed, WorkerProcesses, WorkerTimedOut

__all__ = ["WorkerCrashed", "WorkerProcesses", "WorkerTimedOut"]
