"""The real Telegram application against the fake Bot API, and an assistant that shows what the adapter hands it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from fake_telegram import Group, Person

from bot.model import Asker, Choice, Decision, Reply, Ticket
from handlers.app import build, run
from handlers.context import App, Assistant
from handlers.settings import WebhookSettings

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

ANI, BUDI, CITRA = Person(101, "Ani"), Person(102, "Budi"), Person(103, "Citra")
GROUP = Group(-1001, "Diskominfo Jatim")
FORUM = Group(-1002, "Forum Smart City", forum=True)
STAFF = Group(-1003, "Petugas")


@dataclass
class Echo:
    """Answers every question with what it was asked; ``replies`` holds other answers, or what is raised."""

    replies: dict[str, Reply | Exception] = field(default_factory=dict)
    calls: list[tuple[str, Asker, str, int]] = field(default_factory=list)
    tickets: dict[tuple[str, int], Ticket] = field(default_factory=dict)

    async def ask(self, asker: Asker, text: str, now: datetime, message_id: int = 0) -> Reply:
        return self._answer("ask", asker, text, message_id)

    async def choose(self, asker: Asker, choice: str, now: datetime, message_id: int = 0) -> Reply:
        return self._answer("choose", asker, choice, message_id)

    async def welcome(self, asker: Asker, now: datetime) -> Reply:
        return self._answer("welcome", asker)

    def help(self) -> Reply:
        return Reply(Decision.ANSWER, "help: ")

    def topics(self, topic: str = "") -> Reply:
        return Reply(Decision.ANSWER, f"topics: {topic}", choices=(Choice("t:seleksi", "Seleksi"),))

    async def region(self, asker: Asker, text: str, now: datetime) -> Reply:
        return self._answer("region", asker, text)

    async def cohorts(self, asker: Asker, text: str, now: datetime) -> Reply:
        return self._answer("cohorts", asker, text)

    def about(self) -> Reply:
        return Reply(Decision.ANSWER, "about: ")

    def message(self, key: str, **values: str) -> str:
        return f"{key}: {', '.join(values.values())}"

    async def bind_ticket(self, ticket: Ticket, staff_chat: str, staff_message_id: int) -> None:
        self.tickets[staff_chat, staff_message_id] = ticket

    async def ticket_for(self, staff_chat: str, staff_message_id: int) -> Ticket | None:
        return self.tickets.get((staff_chat, staff_message_id))

    async def close_ticket(self, ticket: Ticket, now: datetime) -> None:
        for place, known in self.tickets.items():
            if known.number == ticket.number:
                self.tickets[place] = replace(known, closed=now)

    def _answer(self, door: str, asker: Asker, text: str = "", message_id: int = 0) -> Reply:
        self.calls.append((door, asker, text, message_id))
        reply = self.replies.get(text, Reply(Decision.ANSWER, f"{door}: {text}"))
        if isinstance(reply, Exception):
            raise reply
        return reply


def application(base_url: str, assistant: Assistant, token: str, staff_chat: int | None = None) -> App:
    """The application as the command line builds it, with a clock that stands still."""
    return build(token, assistant, base_url=base_url, staff_chat=staff_chat, now=lambda: NOW)


@asynccontextmanager
async def running(app: App, webhook: WebhookSettings | None = None) -> AsyncIterator[asyncio.Task[None]]:
    """Runs an application; afterwards stops it as SIGTERM does, and raises what it raised."""
    stop = asyncio.Event()
    task = asyncio.create_task(run(app, webhook, stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)
