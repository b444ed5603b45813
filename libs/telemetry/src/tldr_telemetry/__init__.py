"""Logs and traces, set up once for every service."""

from tldr_telemetry.logs import configure_logs, logger
from tldr_telemetry.trace import following, next_traceparent, valid_traceparent

__all__ = ["configure_logs", "following", "logger", "next_traceparent", "valid_traceparent"]
