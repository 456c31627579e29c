"""How log lines look: text for people or JSON for machines, one line each, on standard error.

Everything logs through structlog; what libraries write with `logging` is rendered the same way.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

SECRETS = ("password", "secret", "token", "authorization", "cookie", "authcode", "csrf")
SKIPPED = ("timestamp", "level", "event", "exception", "logger")
NOISY = ("python_multipart", "asyncio", "alembic", "procrastinate", "aiohttp", "_granian")


def hide_secrets(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Blank every value whose name says that it must not be read by others."""
    for key in event:
        if any(word in key.lower() for word in SECRETS):
            event[key] = "***"
    return event


def as_text(_logger: WrappedLogger, _name: str, event: EventDict) -> str:
    """`time level event key=value ...`, then the traceback if there is one."""
    pairs = [
        f"{key}={_plain(value)}"
        for key, value in event.items()
        if key not in SKIPPED and value not in ("", None)
    ]
    head = f"{event.get('timestamp', '')} {event.get('level', ''):<7} {event.get('event', '')}"
    lines = [" ".join([head, *pairs])]
    if trace := event.get("exception"):
        lines.append(str(trace))
    return "\n".join(lines)


def _plain(value: object) -> str:
    text = str(value)
    # a line break or quote in a value must not be able to fake a log line of its own
    quoted = any(c in text for c in ' "=') or not text.isprintable()
    return json.dumps(text, ensure_ascii=not text.isprintable()) if quoted else text


def configure(log_format: str, log_level: str) -> None:
    """Set up logging for this process. `log_format` is `text` or `json`."""
    level = getattr(logging, log_level.upper())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
        structlog.processors.format_exc_info,
    ]
    render: Any = structlog.processors.JSONRenderer() if log_format == "json" else as_text
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(max(level, logging.ERROR))
