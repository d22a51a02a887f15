"""Talking to the running bot with the real assistant, one message at a time, at a time of one's own choosing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fake_telegram import FakeTelegram, Group, Json, Person, Sent
from running_bot import ANI, FAST, NOW, STAFF, running, settled

from bot.store.store import Store
from handlers.app import build
from handlers.context import Assistant
from handlers.limits import Limits

SOMEBODY_ELSE = Person(999, "Penanda")


@dataclass
class Clock:
    """What the bot takes for the time."""

    now: datetime = NOW

    def moves(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Talk:
    """Everybody who talks to the bot."""

    fake: FakeTelegram
    clock: Clock
    store: Store

    async def ask(
        self, text: str, person: Person = ANI, group: Group | None = None, topic: int | None = None, **more: Any
    ) -> Sent:
        """Says something and returns what the bot says to it."""
        self.fake.says(person, text, chat=group, topic=topic, **more)
        return await self._next()

    async def press(self, sent: Sent, label: str, person: Person = ANI) -> Sent:
        """Presses a button that is answered by a message."""
        self.fake.presses(person, sent, label)
        return await self._next()

    async def turn(self, sent: Sent, label: str, person: Person = ANI) -> Sent:
        """Presses a button that changes its own message."""
        self.fake.presses(person, sent, label)
        edited = await self.fake.next_edit()
        await settled(self.store)
        return edited

    async def _next(self) -> Sent:
        """The next message, once all that it brings about is noted."""
        sent = await self.fake.next_message()
        await settled(self.store)
        return sent

    async def everything(self) -> list[Sent]:
        """All that the bot says until it has nothing left to say."""
        self.fake.says(SOMEBODY_ELSE, "/bantuan")
        sent = [await self.fake.next_message()]
        while sent[-1].chat != SOMEBODY_ELSE.id:  # updates are handled in order
            sent.append(await self.fake.next_message())
        await settled(self.store)
        while self.fake.unread():
            sent.append(await self.fake.next_message())
        return [message for message in sent if message.chat != SOMEBODY_ELSE.id]

    async def toast(self, sent: Sent, label: str, person: Person = ANI) -> str | None:
        """Presses a button that says something itself, and nothing in the chat."""
        self.fake.presses(person, sent, label)
        await self.silence()
        return self.toasts()[-1]

    def toasts(self) -> list[str | None]:
        return [parameters.get("text") for method, parameters in self.fake.calls if method == "answerCallbackQuery"]

    async def silence(self) -> None:
        """Makes sure that nothing came of what was done before."""
        assert [sent.text for sent in await self.everything()] == []

    async def stays_silent(self, text: str, person: Person = ANI, group: Group | None = None, **more: Any) -> Json:
        """Says something that the bot does not answer."""
        message = self.fake.says(person, text, chat=group, **more)
        await self.silence()
        return message


@asynccontextmanager
async def talking(
    fake: FakeTelegram, assistant: Assistant, store: Store, staff: int | None = STAFF.id, limits: Limits = FAST
) -> AsyncIterator[Talk]:
    """Runs the bot with a clock that only moves when it is told to, for people as well."""
    clock = Clock()
    fake.now = lambda: clock.now.timestamp()  # noqa: PLW0108 - of the moment when it is asked
    app = build(
        fake.token,
        assistant,
        store,
        base_url=fake.base_url,
        staff_chat=staff,
        limits=limits,
        now=lambda: clock.now,
    )
    async with running(app):
        yield Talk(fake, clock, store)
