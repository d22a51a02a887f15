"""The log's lines: one for each event, readable by programs, and without the words of errors."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from bot.errors import OperatorError
from bot.logs import JsonLines, KeyValueLines, kind_and_places, tell_unhandled

SECRET = "NIK 3524010101900001"
AT = datetime(2026, 11, 21, 8, 0, 0, 125_000, UTC)


def record(message: str, *values: object, error: BaseException | None = None) -> logging.LogRecord:
    info = None if error is None else (type(error), error, error.__traceback__)
    made = logging.LogRecord("handlers.app", logging.WARNING, "app.py", 1, message, values, info)
    made.created = AT.timestamp()
    return made


def failed() -> ValueError:
    """An error as it is caught, with its place in the code."""
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as first:
            raise ValueError(SECRET) from first
    except ValueError as error:
        return error


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("started", "message=started"),
        ("is listening", 'message="is listening"'),
        ("", 'message=""'),
        ("a=b", 'message="a=b"'),
        ('said "no"', r'message="said \"no\""'),
        ("two\nlines", r'message="two\nlines"'),
        ("daerah é", 'message="daerah é"'),
    ],
)
def test_an_event_is_one_line_of_pairs(message: str, written: str) -> None:
    line = KeyValueLines().format(record(message))
    assert line == f"time=2026-11-21T08:00:00.125+00:00 level=WARNING logger=handlers.app {written}"


def test_values_are_filled_in() -> None:
    assert 'message="update 7 failed"' in KeyValueLines().format(record("update %d failed", 7))


def test_an_event_is_one_json_object() -> None:
    line = JsonLines().format(record("two\nlines", error=failed()))
    assert "\n" not in line
    assert {key: value for key, value in json.loads(line).items() if key != "error"} == {
        "time": "2026-11-21T08:00:00.125+00:00",
        "level": "WARNING",
        "logger": "handlers.app",
        "message": "two\nlines",
    }


@pytest.mark.parametrize("form", [KeyValueLines(), JsonLines()], ids=["text", "json"])
def test_an_error_is_named_with_its_place_and_without_its_words(form: logging.Formatter) -> None:
    line = form.format(record("it failed", error=failed()))
    assert "ValueError (test_logs.py:" in line
    assert "caused by KeyError (test_logs.py:" in line
    assert SECRET not in line
    assert "Traceback" not in line


def test_what_is_written_for_the_operator_is_told() -> None:
    assert kind_and_places(OperatorError("bot.db is full. Remedy: free space.")) == (
        "OperatorError: bot.db is full. Remedy: free space."
    )


async def test_a_task_that_nobody_waits_for_fails_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    """asyncio would quote the error, in a message of its own."""

    async def fail() -> None:
        raise ValueError(SECRET)

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(tell_unhandled)
    task = asyncio.create_task(fail())
    await asyncio.wait({task})
    del task  # its destructor is what tells asyncio
    assert [r.getMessage().partition(" (")[0] for r in caplog.records] == ["a task failed: ValueError"]
    assert SECRET not in caplog.text


def test_the_logs_of_the_whole_program_take_the_form() -> None:
    """As the bot starts it: in a process of its own, because the log belongs to the process."""
    code = (
        "import logging, warnings; from bot.logs import start_logging; start_logging('json'); "
        "logging.getLogger('x').info('a'); logging.getLogger('watchfiles').info('b'); warnings.warn('c')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert [json.loads(line)["logger"] for line in done.stderr.splitlines()] == ["x", "py.warnings"]
