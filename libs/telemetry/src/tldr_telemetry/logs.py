"""Structured logs: one JSON object a line, or coloured lines on a terminal; secrets are struck out, also those in addresses."""

import logging
import sys
from collections.abc import MutableMapping, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import structlog

from tldr_secrets import struck

_SECRET_WORDS = ("password", "secret", "token", "authorization", "api_key", "signature", "dsn")
FILE_BYTES = 8 << 20
"""Kept of a file, and of the one before it."""
_JSON = structlog.processors.JSONRenderer()
_CONSOLE = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


def configure_logs(*, level: str = "INFO", json: bool | None = None, file: Path | None = None) -> None:
    """Send structlog and the standard library's logs to standard error in one form.

    With a `file`, that holds everything from INFO on, tracebacks too, as JSON and with a bound; standard error then shows
    an error as one line.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        strike_out_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    as_json = not sys.stderr.isatty() if json is None else json
    errors = name_the_error if file else structlog.processors.format_exc_info
    screen = logging.StreamHandler(sys.stderr)
    screen.setFormatter(_formatter(shared, errors, _JSON if as_json else _CONSOLE))
    screen.setLevel(level)
    handlers: list[logging.Handler] = [screen]
    if file:
        handlers.append(kept := RotatingFileHandler(file, maxBytes=FILE_BYTES, backupCount=1, encoding="utf-8"))
        kept.setFormatter(_formatter(shared, structlog.processors.format_exc_info, _JSON))
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel("INFO" if file and level not in ("DEBUG", "INFO") else level)
    for noisy in ("aiokafka", "httpx", "httpcore", "urllib3", "uvicorn.access", "alembic", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _formatter(
    shared: Sequence[structlog.typing.Processor],
    errors: structlog.typing.Processor,
    renderer: structlog.typing.Processor,
) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, errors, strike_addresses, renderer],
    )


def name_the_error(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its type and message, in place of its traceback."""
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["error"] = f"{type(error).__name__}: {error}".splitlines()[0]
    return event


def strike_out_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the values of keys that name a secret."""
    for key in event:
        if any(word in key.lower() for word in _SECRET_WORDS):
            event[key] = "[struck out]"
    return event


def strike_addresses(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Redact each address in a text: an error that nobody foresaw may quote one, and so does its traceback."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = struck(value)
    return event


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for a module; fields are keyword arguments."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return found
