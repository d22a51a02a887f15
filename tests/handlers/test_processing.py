"""Nothing is lost and nothing is said twice, whatever ends the bot in between."""

from __future__ import annotations

import asyncio
import logging
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fake_telegram import FakeTelegram, Group
from running_bot import ANI, BUDI, GROUP, NOW, Echo, application, running, settled

from bot.errors import DatabaseError
from bot.mail import State, Way
from bot.model import Asker, Reply
from bot.store.store import Store
from handlers import processing, sender
from handlers.parsing import parsed

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Store]:
    """A database as a file, that gives up soon where it is locked."""
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db?timeout=0.05")
    yield store
    await store.close()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "PAUSES", (0.05,))


@dataclass
class Writing(Echo):
    """Writes something before it answers, and then fails where it shall."""

    store: Store | None = None
    fails: Exception | None = None

    async def ask(self, asker: Asker, text: str, now: object, message_id: int = 0) -> Reply:
        assert self.store is not None
        await self.store.set_person_region(asker.person, "35.24", NOW)
        if self.fails is not None:
            raise self.fails
        return await super().ask(asker, text, NOW, message_id)


async def region(store: Store) -> str | None:
    return (await store.recall(Asker("101", "101"), NOW, NOW - NOW)).person_region


async def test_a_mistake_undoes_what_its_update_has_written(fake: FakeTelegram, store: Store) -> None:
    """The person reads one apology, and nothing of the half-done rest is kept."""
    echo = Writing(store=store, fails=ValueError("?"))
    async with running(await application(fake.base_url, echo, fake.token, store=store)):
        fake.says(ANI, "a")
        assert (await fake.next_message()).text == "gangguan:"
        await settled(store)
    assert await region(store) is None
    assert (await store.ledger.overview()).states == {State.ANSWERED: 1}


async def test_an_update_waits_for_a_locked_database(
    fake: FakeTelegram, kept: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is neither lost nor answered twice, and nobody reads of a fault that is over soon."""
    echo = Writing(store=kept)
    async with running(await application(fake.base_url, echo, fake.token, store=kept)):
        with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
            fake.says(BUDI, "penanda")
            await fake.next_message()
            await settled(kept)
            other.execute("BEGIN IMMEDIATE")
            fake.says(ANI, "a")
            await asyncio.sleep(1)
            other.execute("ROLLBACK")
        assert (await fake.next_message(10)).text == "ask: a"
        await settled(kept)
        assert fake.unread() == 0
    assert "in use by another program" in caplog.text
    assert await region(kept) == "35.24"


# Every point at which a run can end


async def test_received_and_not_handled(fake: FakeTelegram, kept: Store) -> None:
    """The next run answers it, although Telegram has forgotten it."""
    app = await application(fake.base_url, Echo(), fake.token, store=kept)
    fake.says(ANI, "a")
    (raw,) = fake._pending
    await app.stored_updates.put(parsed(raw))
    fake._pending.clear()
    async with running(await application(fake.base_url, Echo(), fake.token, store=kept)):
        assert (await fake.next_message()).text == "ask: a"
        await settled(kept)
    assert (await kept.ledger.overview()).states == {State.ANSWERED: 1}


async def test_handled_and_not_sent(fake: FakeTelegram, kept: Store) -> None:
    """The next run sends it, once, in the order it was asked for."""
    fake.fail_next("sendMessage", 502, times=1000)
    async with running(await application(fake.base_url, Echo(), fake.token, store=kept)):
        for text in "abc":
            fake.says(ANI, text)
        async with asyncio.timeout(5):
            while (await kept.ledger.overview()).unsent < len("abc"):  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.01)
    fake._faults.clear()
    assert fake.unread() == 0
    async with running(await application(fake.base_url, Echo(), fake.token, store=kept)):
        assert [(await fake.next_message()).text for _ in "abc"] == ["ask: a", "ask: b", "ask: c"]
        await settled(kept)
    assert fake.unread() == 0
    assert (await kept.ledger.overview()).repeats == 0


async def test_after_a_day_it_is_too_late(fake: FakeTelegram, kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be sent for so long is given up, with an apology; its words are kept no longer."""
    monkeypatch.setattr("running_bot.NOW", NOW - timedelta(hours=23, seconds=1))
    fake.fail_next("sendMessage", 502, times=1000)
    async with running(await application(fake.base_url, Echo(), fake.token, store=kept)):
        fake.says(ANI, "a")
        async with asyncio.timeout(5):
            while not (await kept.ledger.overview()).unsent:  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.01)
    fake._faults.clear()
    monkeypatch.undo()
    async with running(await application(fake.base_url, Echo(), fake.token, store=kept)):
        assert (await fake.next_message()).text == "gangguan:"
        await settled(kept)
    assert (await kept.ledger.overview()).ways == {Way.FAILED: 1, Way.SENT: 1}


REAL_RUN = """
import asyncio, sys
sys.path[:0] = {paths!r}
from running_bot import Echo, application
from bot.store.store import Store
from handlers.app import run
async def main():
    store = await Store.open({database!r})
    await run(await application({url!r}, Echo(), {token!r}, store=store))
    await store.close()
asyncio.run(main())
"""


async def started(fake: FakeTelegram, folder: Path) -> asyncio.subprocess.Process:
    """A bot in a process of its own."""
    code = REAL_RUN.format(
        paths=[str(ROOT), str(ROOT / "tests")],
        database=f"sqlite+aiosqlite:///{folder}/bot.db",
        url=fake.base_url,
        token=fake.token,
    )
    return await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=folder, stderr=asyncio.subprocess.PIPE)


@pytest.mark.parametrize("chat", [None, GROUP], ids=["private", "group"])
async def test_killed_before_telegram_has_confirmed(tmp_path: Path, chat: Group | None) -> None:
    """Nobody knows whether the answer has arrived: it comes once more, in the same words, under the same question."""
    async with FakeTelegram(now=NOW.timestamp) as fake:
        fake.fail_next("sendMessage", "timeout")
        asked = fake.says(ANI, "/tanya a", chat=chat)
        process = await started(fake, tmp_path)
        first = await fake.next_message(20)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        process = await started(fake, tmp_path)
        again = await fake.next_message(20)
        fake.says(BUDI, "penanda")
        assert (await fake.next_message()).chat == BUDI.id
        process.terminate()
        _, log = await asyncio.wait_for(process.communicate(), 10)
        assert (process.returncode, again.text, again.reply_to) == (0, first.text, asked["message_id"]), log.decode()
        assert fake.unread() == 0
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    seen = await store.ledger.overview()
    await store.close()
    assert (seen.states, seen.ways, seen.repeats) == ({State.ANSWERED: 2}, {Way.SENT: 2}, 1)


# Stopping


async def test_a_stop_leaves_the_rest_to_the_next_run(
    fake: FakeTelegram, kept: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while Telegram does not answer and a hundred messages wait, it ends within five seconds."""
    monkeypatch.setattr("handlers.app.READ_TIMEOUT", 60.0)
    fake.fail_next("sendMessage", "timeout")
    app = await application(fake.base_url, Echo(), fake.token, store=kept)
    async with running(app):
        for number in range(100):
            fake.says(ANI, str(number))
        await fake.next_message()
        start = time.monotonic()
    assert time.monotonic() - start < 5
    async with running(await application(fake.base_url, Echo(), fake.token, store=kept)):
        texts = [(await fake.next_message()).text for _ in range(100)]
        await settled(kept)
    assert texts == [f"ask: {number}" for number in range(100)]  # the first one again: nobody knew of it
    seen = await kept.ledger.overview()
    assert (seen.states, seen.repeats) == ({State.ANSWERED: 100}, 1)


async def test_a_stop_does_not_wait_for_a_locked_database(
    fake: FakeTelegram, kept: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        async with running(await application(fake.base_url, Writing(store=kept), fake.token, store=kept)):
            fake.says(BUDI, "penanda")
            await fake.next_message()
            await settled(kept)
            other.execute("BEGIN IMMEDIATE")
            with caplog.at_level(logging.CRITICAL):
                fake.says(ANI, "a")
                await asyncio.sleep(0.5)
            start = time.monotonic()
        assert time.monotonic() - start < 5
        other.execute("ROLLBACK")
    async with running(await application(fake.base_url, Writing(store=kept), fake.token, store=kept)):
        assert (await fake.next_message()).text == "ask: a"
        await settled(kept)
        assert fake.unread() == 0


async def test_what_is_remembered_of_a_chat_is_undone_as_well(
    fake: FakeTelegram, kept: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture of an album gets its hint at the second try, not the silence of one that has had it."""
    monkeypatch.setattr(processing, "FIRST_PAUSE", 0.05)
    conclude, fails = kept.inbox.conclude, [DatabaseError("locked")]

    async def failing_once(update_id: int, now: datetime) -> None:
        await conclude(update_id, now)
        if fails:
            raise fails.pop()

    monkeypatch.setattr(kept.inbox, "conclude", failing_once)
    async with running(await application(fake.base_url, Echo(), fake.token, store=kept)):
        fake.says(ANI, "", photo=[], media_group_id="7")
        assert (await fake.next_message(2)).text == "hanya_teks:"
