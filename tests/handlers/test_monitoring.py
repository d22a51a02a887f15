"""/healthz and /metrics: what is well, and every reason why something is not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from telegram.error import NetworkError

from bot.errors import OperatorError
from bot.model import Problem, Rejection
from bot.store.store import Store
from handlers.metrics import Metrics, Overview
from handlers.monitoring import Watched, monitored
from handlers.reception import NotKeptError, Reception

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
FULL = "data/bot.db cannot grow: the disk is full. Remedy: free some space."


@dataclass(frozen=True)
class Settings:
    """As in the configuration."""

    listen: str = "127.0.0.1"
    port: int = 0
    waiting_minutes: float = 5


@dataclass
class State:
    """A bot that is well, to begin with."""

    unanswered: int = 0
    oldest_unanswered: datetime | None = None
    unsent: int = 0
    oldest_unsent: datetime | None = None
    states: dict[str, int] = field(default_factory=dict)
    version: str = "6f5c85c300f3"
    rejected: Rejection | None = None
    fault: str = ""
    receives: bool = True
    now: datetime = NOW
    metrics: Metrics = field(default_factory=Metrics)

    def __post_init__(self) -> None:
        self.reception = Reception(lambda: self.now)

    async def overview(self) -> Overview:
        if self.fault:
            raise OperatorError(self.fault)
        return self


@asynccontextmanager
async def watching(state: State, settings: Settings) -> AsyncIterator[str]:
    watched = Watched(
        overview=state.overview,
        served=lambda: (state.version, state.rejected),
        receiving=lambda: state.receives,
        reception=state.reception,
        metrics=state.metrics,
        now=lambda: state.now,
        mode="polling",
    )
    async with monitored(settings, watched) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
async def site(state: State, free_port: int) -> AsyncIterator[str]:
    async with watching(state, Settings(port=free_port)) as address:
        yield address


async def got(address: str) -> tuple[int, str, str]:
    """The status, the kind and the text of a page."""
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        return response.status, response.content_type, await response.text()


async def health(site: str) -> tuple[int, dict[str, Any]]:
    status, kind, text = await got(f"{site}/healthz")
    assert kind == "application/json"
    return status, json.loads(text)


async def test_a_bot_that_is_well_says_so(site: str) -> None:
    assert await health(site) == (
        200,
        {
            "status": "ok",
            "problems": [],
            "mode": "polling",
            "knowledge": "6f5c85c300f3",
            "rejected_edit": None,
            "waiting": {"inbox": 0, "outbox": 0, "oldest_seconds": 0.0},
        },
    )


def receiving_has_ended(state: State) -> None:
    state.receives = False


def the_database_fails(state: State) -> None:
    state.fault = FULL


def a_question_waits(state: State) -> None:
    state.unanswered, state.oldest_unanswered = 1, NOW - timedelta(minutes=5, seconds=1)


def an_answer_waits(state: State) -> None:
    state.unsent, state.oldest_unsent = 1, NOW - timedelta(minutes=5, seconds=1)


def telegram_is_away(state: State) -> None:
    state.reception.failed(NetworkError("x"))
    state.now += timedelta(minutes=5, seconds=1)


def nothing_can_be_stored(state: State) -> None:
    state.reception.failed(NotKeptError("x"))


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (receiving_has_ended, "no messages are received, yet or any more. Remedy: see the log."),
        (the_database_fails, FULL),
        (a_question_waits, "a question has waited for 301 s"),
        (an_answer_waits, "a question has waited for 301 s"),
        (nothing_can_be_stored, "messages can't be stored, since 2026-11-22T08:00:00+00:00"),
        (telegram_is_away, "Telegram can't be reached for messages, since 2026-11-22T08:00:00+00:00"),
    ],
)
async def test_what_is_not_well_is_a_503_with_its_reason(
    site: str, state: State, happens: Callable[[State], None], told: str
) -> None:
    happens(state)
    status, found = await health(site)
    assert (status, found["status"], found["problems"]) == (503, "bad", [told])


async def test_a_short_wait_is_no_problem(site: str, state: State) -> None:
    """Neither a question of a moment ago, nor a network that is away for seconds."""
    state.unanswered, state.oldest_unanswered = 2, NOW - timedelta(minutes=4)
    state.reception.failed(NetworkError("x"))
    status, found = await health(site)
    assert (status, found["waiting"]) == (200, {"inbox": 2, "outbox": 0, "oldest_seconds": 240.0})


async def test_a_rejected_edit_is_told_and_is_no_outage(site: str, state: State) -> None:
    """The version before it answers; who has to act is an editor."""
    state.rejected = Rejection((Problem("a.yaml", 1, "x"), Problem("a.yaml", 2, "y")), NOW)
    status, found = await health(site)
    assert status == 200
    assert found["rejected_edit"] == "penyuntingan terakhir ditolak: 2 masalah, sejak 2026-11-22 15.00 WIB"


async def test_the_metrics_are_what_prometheus_reads(site: str, state: State) -> None:
    state.unanswered = 3
    status, kind, text = await got(f"{site}/metrics")
    assert (status, kind) == (200, "text/plain")
    assert 'tanya_queue_length{queue="inbox"} 3.0' in text
    assert "tanya_receiving 1.0" in text
    state.reception.failed(NetworkError("x"))
    assert "tanya_receiving 0.0" in (await got(f"{site}/metrics"))[2]


async def test_without_a_database_there_are_no_metrics(site: str, state: State) -> None:
    state.fault = FULL
    assert (await got(f"{site}/metrics"))[0] == 503


async def test_it_reads_the_tables_of_the_store(state: State, store: Store, free_port: int) -> None:
    """The real ledger has the form that is asked for."""
    watched = Watched(
        store.ledger.overview,
        lambda: ("v1", None),
        lambda: True,
        state.reception,
        state.metrics,
        lambda: NOW,
        "webhook",
    )
    async with monitored(Settings(port=free_port), watched) as port:
        status, found = await health(f"http://127.0.0.1:{port}")
        assert (status, found["mode"]) == (200, "webhook")
        assert (await got(f"http://127.0.0.1:{port}/metrics"))[0] == 200


async def test_nothing_listens_where_no_port_is_set(state: State) -> None:
    async with watching(state, Settings(port=0)) as address:
        assert address.endswith(":0")


async def test_a_port_that_is_taken_is_named(state: State, free_port: int) -> None:
    async with watching(state, Settings(port=free_port)):
        with pytest.raises(OperatorError, match=r"monitoring can't listen on .*choose another monitoring\.port"):
            async with watching(state, Settings(port=free_port)):
                pass
