"""Lanes: nothing is sent twice, and none of them sleeps longer than it has to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from fake_telegram import FakeTelegram, Person
from running_bot import ANI, BUDI, FAST, GROUP, NOW, Echo, application, running, settled

from bot.mail import Kind, Outgoing, Settled, Way
from bot.store.store import Store
from handlers import sender
from handlers.limits import Limits
from handlers.sender import Sender

OLD = "-999"
HELLO: Mapping[str, str] = {"html": "Halo"}


async def a_sender(fake: FakeTelegram, store: Store, limits: Limits = FAST) -> Sender:
    app = await application(fake.base_url, Echo(), fake.token, store=store, limits=limits)
    await app.bot.initialize()
    return app.sender


async def test_what_is_written_while_a_group_moves_is_sent_once(fake: FakeTelegram, store: Store) -> None:
    """The new group is asked something in the very moment in which what waited for the old one goes there."""
    fake.migrate(int(OLD), GROUP)
    sending = await a_sender(fake, store)
    await store.outbox.add(Outgoing(OLD, Kind.MESSAGE, HELLO), NOW)
    answering = asyncio.Event()
    moving = store.outbox.move

    async def move(old: str, new: str) -> None:
        await moving(old, new)
        answering.set()

    async def answer() -> None:
        await answering.wait()
        async with store.unit():
            for number in range(3):
                await store.outbox.add(Outgoing(str(GROUP.id), Kind.MESSAGE, {"html": str(number)}), NOW)

    store.outbox.move = move  # type: ignore[method-assign]
    task = asyncio.create_task(answer())
    await sending.start()
    await task
    await settled(store)
    await asyncio.sleep(0.2)
    await sending.stop()
    assert sorted([(await fake.next_message()).text for _ in range(fake.unread())]) == ["0", "1", "2", "Halo"]


async def test_a_clock_that_was_set_back_holds_up_nobody(fake: FakeTelegram, store: Store) -> None:
    """What was sent before the start "an hour from now" does not count for the pace."""
    gone = await store.outbox.add(Outgoing(str(ANI.id), Kind.MESSAGE, HELLO), NOW)
    await store.outbox.settle([Settled(gone.id, Way.SENT, 1)], NOW + timedelta(hours=1))
    app = await application(fake.base_url, Echo(), fake.token, store=store, limits=replace(FAST, private_burst=1))
    async with running(app):
        fake.says(ANI, "a")
        assert (await fake.next_message(2)).text == "ask: a"


async def test_a_group_s_messages_count_after_its_lane_was_tidied_away(
    fake: FakeTelegram, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "MOST_LANES", 1)
    app = await application(fake.base_url, Echo(), fake.token, store=store, limits=replace(FAST, group_per_minute=2))
    async with running(app):
        fake.says(ANI, "/tanya a", chat=GROUP)
        await fake.next_message()
        fake.says(BUDI, "b")
        await fake.next_message()
        for text in "cd":
            fake.says(ANI, f"/tanya {text}", chat=GROUP)
        assert (await fake.next_message()).text == "ask: c"
        with pytest.raises(TimeoutError):
            await fake.next_message(0.5)


async def test_an_answer_of_telegram_that_cannot_be_kept_stops_one_chat_only(
    fake: FakeTelegram, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number beyond all bounds; everybody else is answered as before."""
    post = fake._post

    def odd(parameters: dict[str, object], content: dict[str, object]) -> dict[str, object]:
        made = post(parameters, content)
        return made | {"message_id": 2**70} if parameters["chat_id"] == ANI.id else made

    monkeypatch.setattr(fake, "_post", odd)
    app = await application(fake.base_url, Echo(), fake.token, store=store)
    async with running(app):
        fake.says(ANI, "a")
        await asyncio.sleep(0.3)
        fake.says(Person(55, "Eka"), "b")
        texts = [(await fake.next_message()).text for _ in range(2)]
        assert texts == ["ask: a", "ask: b"]
        fake.says(Person(55, "Eka"), "c")
        assert (await fake.next_message()).text == "ask: c"
