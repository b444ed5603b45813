"""Leased, fenced jobs in PostgreSQL."""

from tldr_jobs.job import ExhaustedJob, JobFailed, Jobs, LeaseLost, NewJob, RunningJob, Worker
from tldr_jobs.queue import PostgresJobs
from tldr_jobs.retention import sweep
from tldr_jobs.worker_pool import WorkerPool

__all__ = [
    "ExhaustedJob",
    "JobFailed",
    "Jobs",
    "LeaseLost",
    "NewJob",
    "PostgresJobs",
    "RunningJob",
    "Worker",
    "WorkerPool",
    "sweep",
]
