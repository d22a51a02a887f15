"""Trouble with receiving messages is told once, with its beginning and its end."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from telegram.error import Conflict, NetworkError

from handlers.reception import STEADY, NotKeptError, Reception

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
RIVAL = Conflict("Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
WEBHOOK = Conflict("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
AWAY = NetworkError("httpx.ConnectError: all connection attempts failed")
TOLD_RIVAL = (
    "another program receives this bot's messages, since 2026-11-22 08:00:00 UTC; tried again, and not told again "
    "until it is over. Remedy: stop it, only one may run with this token. (Conflict)"
)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reception(clock: Clock, caplog: pytest.LogCaptureFixture) -> Reception:
    caplog.set_level(logging.INFO)
    return Reception(clock)


def test_a_second_poller_is_named_once(reception: Reception, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """The two throw each other out every second, and each time one of them gets an answer."""
    for _ in range(100):
        reception.failed(RIVAL)
        clock.now += timedelta(seconds=1)
        reception.heard()
    assert caplog.messages == [TOLD_RIVAL]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert (reception.trouble, reception.since) == ("another program receives this bot's messages", NOW)


def test_its_end_is_told_with_its_length(reception: Reception, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        reception.failed(RIVAL)
        clock.now += timedelta(seconds=2)
    clock.now += STEADY
    reception.heard()
    reception.heard()
    assert caplog.messages[1:] == [
        "messages come in again. From 2026-11-22 08:00:00 UTC to 2026-11-22 08:00:04 UTC: "
        "another program receives this bot's messages (3 times)"
    ]
    assert (reception.trouble, reception.since) == ("", None)


def test_without_an_answer_nothing_is_over(reception: Reception, clock: Clock) -> None:
    """The pauses between two tries grow, and silence is no sign."""
    reception.failed(AWAY)
    clock.now += 10 * STEADY
    assert reception.trouble


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (WEBHOOK, "a webhook takes this bot's messages, since"),
        (AWAY, "Telegram can't be reached for messages, since"),
    ],
)
def test_other_trouble_has_another_name(
    reception: Reception, caplog: pytest.LogCaptureFixture, error: NetworkError, told: str
) -> None:
    reception.failed(error)
    assert caplog.messages[0].startswith(told)
    assert "Remedy: " in caplog.messages[0]


def test_trouble_that_turns_into_another_is_told_and_began_with_the_first(
    reception: Reception, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    reception.failed(AWAY)
    clock.now += timedelta(minutes=3)
    reception.failed(RIVAL)
    assert len(caplog.messages) == 2
    assert (reception.since, reception.trouble) == (NOW, "another program receives this bot's messages")


def test_what_cannot_be_stored_is_urgent_and_over_with_the_first_that_can(
    reception: Reception, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """An answer of Telegram says nothing of the database."""
    reception.failed(NotKeptError("x"))
    assert caplog.messages[0].startswith("messages can't be stored, since")
    assert reception.urgent
    clock.now += timedelta(seconds=2)
    reception.heard()
    assert reception.urgent
    reception.heard(kept=True)
    assert (reception.urgent, reception.trouble) == (False, "")


def test_an_answer_without_any_trouble_is_no_news(reception: Reception, caplog: pytest.LogCaptureFixture) -> None:
    reception.heard()
    assert caplog.messages == []
