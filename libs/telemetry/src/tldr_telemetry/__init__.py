"""Logs, set up once for every service."""

from tldr_telemetry.logs import configure_logs, logger

__all__ = ["configure_logs", "logger"]
