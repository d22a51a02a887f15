"""The real Telegram application against the fake Bot API, and an assistant that shows what the adapter hands it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from fake_telegram import Group, Person

from bot.model import (
    Asker,
    ChatSettings,
    Choice,
    Decision,
    Earlier,
    Finding,
    GroupRules,
    Region,
    Reply,
    Ticket,
    TicketAsker,
)
from bot.store.store import Store
from handlers.app import build, run
from handlers.context import Assistant
from handlers.limits import Limits
from handlers.processing import Processing
from handlers.sender import Clock
from handlers.settings import WebhookSettings

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

FAST = Limits(flood_questions=1000, overall_per_second=1000, private_burst=1000, group_per_minute=1000)
"""Limits that no test meets which is about something else."""

ANI, BUDI, CITRA = Person(101, "Ani"), Person(102, "Budi"), Person(103, "Citra")
GROUP = Group(-1001, "Diskominfo Jatim")
FORUM = Group(-1002, "Forum Smart City", forum=True)
STAFF = Group(-1003, "Petugas")


@dataclass(frozen=True)
class Webhook:
    """A webhook without TLS, as it is behind a proxy."""

    port: int
    listen: str = "127.0.0.1"
    path: str = "telegram"
    secret_token: str = "rahasia-webhook"
    max_connections: int = 8
    url: str = ""

    @classmethod
    def on(cls, port: int) -> Webhook:
        """The one that can be called without a proxy."""
        return cls(port, url=f"http://{cls.listen}:{port}/{cls.path}")


@dataclass
class EchoDesk:
    """Knows the tickets that it was told of."""

    tickets: dict[tuple[str, int], Ticket] = field(default_factory=dict)
    bound: dict[tuple[str, int], int] = field(default_factory=dict)  # message → number

    async def bind(self, number: int, staff_chat: str, message_id: int) -> None:
        self.bound[staff_chat, message_id] = number

    async def shown_in(self, staff_chat: str, message_id: int) -> Ticket | None:
        return self.tickets.get((staff_chat, message_id))

    async def delivered(self, waiting: TicketAsker, now: datetime) -> None:
        for place, known in self.tickets.items():
            reached = tuple(replace(a, delivered=now) if a.id == waiting.id else a for a in known.askers)
            self.tickets[place] = replace(known, askers=reached)

    async def missed(self, asker: int) -> None:
        raise NotImplementedError

    async def close(self, ticket: Ticket, now: datetime) -> None:
        for place, known in self.tickets.items():
            if known.number == ticket.number:
                self.tickets[place] = replace(known, closed=now)

    async def leave(self, chat: str, now: datetime) -> tuple[tuple[Ticket, str], ...]:
        return ()

    async def overview(self) -> Reply:
        return Reply(Decision.ANSWER, "overview: ")

    async def show(self, number: int, now: datetime) -> Reply:
        return Reply(Decision.ANSWER, f"show: {number}")


class EchoChats:
    """Groups that have set nothing and remember nothing."""

    async def rules(self, chat: str) -> GroupRules:
        return GroupRules()

    async def change(self, chat: str, settings: ChatSettings, now: datetime) -> None:
        raise NotImplementedError

    async def set_region(self, chat: str, code: str, now: datetime) -> None:
        raise NotImplementedError

    def provinces(self) -> tuple[Region, ...]:
        return ()

    def regions_of(self, province: str) -> tuple[Region, ...]:
        return ()

    async def joined(self, chat: str, now: datetime) -> None:
        return

    async def introduce(self, chat: str, now: datetime) -> bool:
        return True

    async def left(self, chat: str, now: datetime) -> None:
        return

    async def moved(self, old: str, new: str) -> None:
        return

    async def earlier(self, asker: Asker, reply: Reply, now: datetime) -> Earlier | None:
        return None

    def digest(self, reply: Reply) -> str:
        return ""

    async def remember(self, asker: Asker, answer: str, message_id: int, now: datetime) -> None:
        return


@dataclass
class Echo:
    """Answers every question with what it was asked; ``replies`` holds other answers, or what is raised."""

    replies: dict[str, Reply | Exception] = field(default_factory=dict)
    calls: list[tuple[str, Asker, str, int]] = field(default_factory=list)
    desk: EchoDesk = field(default_factory=EchoDesk)
    chats: EchoChats = field(default_factory=EchoChats)
    ratings: list[tuple[int, int]] = field(default_factory=list)  # (question, value)
    gone: set[int] = field(default_factory=set)  # questions that are in the log no more
    findings: tuple[Finding, ...] = ()
    searches: list[str] = field(default_factory=list)
    slow: float = 0.0  # seconds that an answer to a question takes

    async def volunteer(self, asker: Asker, text: str, now: datetime) -> Reply | None:
        return None

    async def ask(self, asker: Asker, text: str, now: datetime, message_id: int = 0) -> Reply:
        await asyncio.sleep(self.slow)
        return self._answer("ask", asker, text, message_id)

    async def choose(self, asker: Asker, choice: str, now: datetime, message_id: int = 0) -> Reply:
        return self._answer("choose", asker, choice, message_id)

    async def welcome(self, asker: Asker, now: datetime, payload: str = "") -> Reply:
        return self._answer("welcome", asker, payload)

    async def privacy(self, asker: Asker, now: datetime) -> Reply:
        return self._answer("privacy", asker)

    async def offer_to_forget(self, asker: Asker, now: datetime) -> Reply:
        return self._answer("offer_to_forget", asker)

    async def rate(self, question_id: int, value: int, now: datetime) -> bool:
        self.ratings.append((question_id, value))
        return question_id not in self.gone

    async def asked(self, question_id: int) -> str | None:
        return None if question_id in self.gone else f"question {question_id}"

    async def search(self, text: str, now: datetime, most: int) -> tuple[Finding, ...]:
        self.searches.append(text)
        return self.findings

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

    def _answer(self, door: str, asker: Asker, text: str = "", message_id: int = 0) -> Reply:
        self.calls.append((door, asker, text, message_id))
        reply = self.replies.get(text, Reply(Decision.ANSWER, f"{door}: {text}"))
        if isinstance(reply, Exception):
            raise reply
        return reply


async def application(
    base_url: str,
    assistant: Assistant,
    token: str,
    staff_chat: int | None = None,
    *,
    store: Store | None = None,
    limits: Limits = FAST,
    clock: Clock = Clock(),  # noqa: B008 - frozen
) -> Processing:
    """The application as the command line builds it, with a clock that stands still.

    Without ``store`` it has one of its own in memory, which ``running`` closes.
    """
    mail = store or await Store.open("sqlite+aiosqlite://")
    app = build(
        token,
        assistant,
        mail,
        base_url=base_url,
        staff_chat=staff_chat,
        limits=limits,
        clock=clock,
        now=lambda: NOW,
    )
    if store is None:
        OWN[app] = mail
    return app


OWN: WeakKeyDictionary[Processing, Store] = WeakKeyDictionary()
"""The stores of applications that were given none."""


@asynccontextmanager
async def running(app: Processing, webhook: WebhookSettings | None = None) -> AsyncIterator[asyncio.Task[None]]:
    """Runs an application; afterwards stops it as SIGTERM does, and raises what it raised."""
    stop = asyncio.Event()
    task = asyncio.create_task(run(app, webhook, stop))
    try:
        yield task
    finally:
        stop.set()
        try:
            await asyncio.wait_for(task, 10)
        finally:
            if app in OWN:
                await OWN.pop(app).close()


async def settled(store: Store, patience: float = 5.0) -> None:
    """Waits until everything that has come in is handled, and everything that goes out has gone."""
    async with asyncio.timeout(patience):
        while not await store.ledger.quiet():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
