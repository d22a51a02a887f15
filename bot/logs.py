"""The log of the running bot: one line for each event, as key=value pairs or as JSON, without what people wrote.

A traceback would quote values, and with them messages or the token. So of an error only its kind and its places in the
code are written; its words only where they were written for the operator.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.errors import OperatorError

SHOWN_FRAMES = 6
"""Innermost places in the code that the log shows of an error."""

_BARE = re.compile(r"[^\s\"=\\]+")
"""A value that needs no quotation marks."""

QUIET = {"watchfiles": logging.WARNING, "alembic": logging.WARNING, "tornado.access": logging.CRITICAL}
"""Loggers that have little to say to an operator: a line for every save, every migration, every request."""


def start_logging(form: str) -> None:
    """Writes the log to standard error from INFO up; ``form`` is "text" or "json"."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else KeyValueLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


def for_the_operator(error: BaseException) -> str:
    """The words of an error that may be logged: only where they were written for that."""
    return str(error) if isinstance(error, OperatorError) else ""


def kind_and_places(error: BaseException | None, words: Callable[[BaseException], str] = for_the_operator) -> str:
    """Names an error, what caused it and where, with those of its words that ``words`` lets through.

    >>> kind_and_places(ValueError("NIK 3524010101900001"))
    'ValueError'
    """
    parts = []
    while error is not None:
        told = f": {error}" if isinstance(error, OperatorError) else ""
        frames = traceback.extract_tb(error.__traceback__)[-SHOWN_FRAMES:]
        where = " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
        told = words(error)
        parts.append(type(error).__name__ + (f": {told}" if told else "") + (f" ({where})" if where else ""))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return ", caused by ".join(parts)


def tell_unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Logs what failed in a task that nobody waits for: asyncio itself would quote the error."""
    error = context.get("exception")
    logging.getLogger(__name__).error("a task failed: %s", kind_and_places(error) or "without an error")


class _Lines(logging.Formatter):
    """One event as named values in a fixed order."""

    def values(self, record: logging.LogRecord) -> dict[str, str]:
        """Time in UTC, level, logger and message; and the error where there is one."""
        values = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            values["error"] = kind_and_places(record.exc_info[1])
        return values


class KeyValueLines(_Lines):
    """``time=… level=INFO logger=handlers.app message="@TanyaBot is listening, by polling"``."""

    def format(self, record: logging.LogRecord) -> str:
        """The event as one line."""
        return " ".join(f"{key}={_quoted(value)}" for key, value in self.values(record).items())


class JsonLines(_Lines):
    """The same as JSON objects, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        """The event as one line."""
        return json.dumps(self.values(record), ensure_ascii=False)


def _quoted(value: str) -> str:
    return value if _BARE.fullmatch(value) else json.dumps(value, ensure_ascii=False)
