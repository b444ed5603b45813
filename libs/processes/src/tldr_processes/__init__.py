"""Work that would block the event loop, or is not to be trusted with it, in processes of its own."""

from tldr_processes.cores import usable_cores
from tldr_processes.endings import (
    WorkerCrashed,
    WorkerEnded,
    WorkerOutOfMemory,
    WorkerOutputTooLarge,
    WorkerTimedOut,
    WorkFailed,
)
from tldr_processes.messages import Item
from tldr_processes.worker_processes import WorkerProcesses

__all__ = [
    "Item",
    "WorkFailed",
    "WorkerCrashed",
    "WorkerEnded",
    "WorkerOutOfMemory",
    "WorkerOutputTooLarge",
    "WorkerProcesses",
    "WorkerTimedOut",
    "usable_cores",
]
