"""``/healthz`` and ``/metrics`` for those who watch the bot, on an address of their own."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from typing import Any, TypeAlias

from prometheus_client import CONTENT_TYPE_LATEST

from bot.errors import OperatorError
from bot.model import Rejection
from handlers.listening import Quiet, listening
from handlers.metrics import Metrics, Overview, age
from handlers.reception import Reception
from handlers.settings import MonitoringSettings

log = logging.getLogger(__name__)

WIB = timezone(timedelta(hours=7), "WIB")
"""The time of the ministry, in which its staff read when something happened."""


Served: TypeAlias = tuple[str, Rejection | None]
"""The version of the knowledge that answers, and the last edit where it has mistakes."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched."""

    overview: Callable[[], Awaitable[Overview]]  # raises OperatorError where the database fails
    served: Callable[[], Served]
    receiving: Callable[[], bool]  # whether the task that receives messages is running
    reception: Reception
    metrics: Metrics
    now: Callable[[], datetime]  # with a time zone
    mode: str  # polling or webhook


@dataclass(slots=True)
class _Health:
    """What is found when somebody looks."""

    problems: list[str] = field(default_factory=list)
    overview: Overview | None = None


@asynccontextmanager
async def monitored(settings: MonitoringSettings | None, watched: Watched) -> AsyncIterator[int]:
    """Serves the two pages until it is left, and gives their port; 0 where none is set, or nothing.

    Raises ``OperatorError`` where the address can't be used.
    """
    if settings is None or not settings.port:
        yield 0
        return
    given = {"watched": watched, "patience": timedelta(minutes=settings.waiting_minutes)}
    routes = [("/healthz", _Healthz, given), ("/metrics", _Page, given)]
    async with listening(routes, settings.listen, settings.port, "monitoring") as port:
        log.info("/healthz and /metrics are at http://%s:%d", settings.listen, port)
        yield port


class _Watching(Quiet):
    def initialize(self, watched: Watched, patience: timedelta) -> None:
        self.watched = watched
        self.patience = patience

    async def look(self) -> _Health:
        """Everything that is not as it should be, in words for the operator."""
        found, watched, now = _Health(), self.watched, self.watched.now()
        try:
            found.overview = await watched.overview()
        except OperatorError as error:
            found.problems.append(str(error))
        if not watched.receiving():
            found.problems.append("no messages are received, yet or any more. Remedy: see the log.")
        trouble, since = watched.reception.trouble, watched.reception.since
        if since is not None and (watched.reception.urgent or now - since > self.patience):
            found.problems.append(f"{trouble}, since {since.isoformat(timespec='seconds')}")
        waited = _waited(found.overview, now)
        if waited > self.patience.total_seconds():
            found.problems.append(f"a question has waited for {waited:.0f} s")
        return found


class _Healthz(_Watching):
    """200 where all is well, 503 where somebody has to look; what is the matter as JSON."""

    async def get(self) -> None:
        """Tells how the bot is."""
        found, watched = await self.look(), self.watched
        (version, rejected), overview = watched.served(), found.overview
        self.set_status(HTTPStatus.SERVICE_UNAVAILABLE if found.problems else HTTPStatus.OK)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        told: dict[str, Any] = {
            "status": "bad" if found.problems else "ok",
            "problems": found.problems,
            "mode": watched.mode,
            "knowledge": version,
            "rejected_edit": _told(rejected),
            "waiting": None,
        }
        if overview is not None:
            told["waiting"] = {
                "inbox": overview.unanswered,
                "outbox": overview.unsent,
                "oldest_seconds": round(_waited(overview, watched.now()), 1),
            }
        self.finish(json.dumps(told, ensure_ascii=False) + "\n")


class _Page(_Watching):
    """The metrics; 503 without a page where the database fails."""

    async def get(self) -> None:
        """Tells the figures."""
        found, watched = await self.look(), self.watched
        if found.overview is None:
            self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        version, rejected = watched.served()
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.finish(
            watched.metrics.page(
                found.overview,
                now=watched.now(),
                version=version,
                rejected=rejected,
                receiving=watched.receiving() and not watched.reception.trouble,
            )
        )


def _waited(overview: Overview | None, now: datetime) -> float:
    """Seconds that the oldest question or answer has waited."""
    return 0.0 if overview is None else max(age(overview.oldest_unanswered, now), age(overview.oldest_unsent, now))


def _told(rejected: Rejection | None) -> str | None:
    """The last edit for those who read Bahasa Indonesia, as ``/tentang`` tells it."""
    if rejected is None:
        return None
    since = rejected.since.astimezone(WIB)
    return f"penyuntingan terakhir ditolak: {len(rejected.problems)} masalah, sejak {since:%Y-%m-%d %H.%M} WIB"
