"""Several calls that are one transaction."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import DatabaseError
from bot.mail import Kind, Outgoing
from bot.model import Asker
from bot.store import access
from bot.store.store import Store

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ANI = Asker("1001", "1001")
HOUR = timedelta(hours=1)
HELLO = Outgoing("1001", Kind.MESSAGE, {"html": "Halo"})


async def region(store: Store) -> str | None:
    return (await store.recall(ANI, NOW, HOUR)).person_region


@asynccontextmanager
async def undone(store: Store) -> AsyncIterator[None]:
    """A unit that fails after what is done inside."""
    with suppress(ZeroDivisionError):
        async with store.unit():
            yield
            raise ZeroDivisionError


async def test_everything_is_kept_together(store: Store) -> None:
    async with store.unit():
        await store.set_person_region("1001", "35.24", NOW)
        await store.chats.joined("-1", NOW)
        assert await region(store) == "35.24"  # what it has written itself is seen inside
    assert await region(store) == "35.24"


async def test_an_error_undoes_everything(store: Store) -> None:
    """Also what other parts of the store have written; the error itself goes on."""
    async with undone(store):
        await store.set_person_region("1001", "35.24", NOW)
        await store.outbox.add(HELLO, NOW)
    assert await region(store) is None
    assert await store.outbox.waiting() == ()


async def test_a_unit_inside_a_unit_is_part_of_it(store: Store) -> None:
    async with undone(store), store.unit():
        await store.set_person_region("1001", "35.24", NOW)
    assert await region(store) is None


async def test_a_task_that_was_started_inside_is_not_part_of_it(store: Store) -> None:
    """It may outlive the unit, and waits until that has ended."""

    async def later() -> None:
        await store.set_person_region("1002", "32.17", NOW)

    async with undone(store):
        await store.set_person_region("1001", "35.24", NOW)
        task = asyncio.create_task(later())
        await asyncio.sleep(0)
    await task
    assert (await store.recall(Asker("1002", "1002"), NOW, HOUR)).person_region == "32.17"


async def test_reading_first_keeps_nobody_waiting(store: Store) -> None:
    """The lock is taken with the first write: until then others read and write."""
    async with store.unit():
        assert await region(store) is None
        await asyncio.wait_for(asyncio.create_task(store.set_person_region("1001", "35.24", NOW)), 1)
        assert await region(store) == "35.24"


async def test_what_is_told_is_told_when_it_is_kept(store: Store) -> None:
    """Nobody hears of a message that is undone."""
    told: list[Outgoing] = []
    store.outbox.added = told.append
    async with undone(store):
        await store.outbox.add(HELLO, NOW)
    async with store.unit():
        kept = await store.outbox.add(HELLO, NOW)
        assert told == []
    assert told == [kept]


async def test_forgetting_inside_a_unit_is_final_after_it(store: Store) -> None:
    await store.set_person_region("1001", "35.24", NOW)
    async with store.unit():
        assert await store.forget("1001") == 1
    assert await region(store) is None


async def test_an_error_of_the_caller_stays_what_it_is(store: Store) -> None:
    """A broken connection to somewhere else is no trouble of the database."""

    async def fails() -> None:
        async with store.unit():
            await store.set_person_region("1001", "35.24", NOW)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await fails()


async def test_a_locked_database_is_told_from_a_mistake(tmp_path: Path) -> None:
    """What may succeed later has an error of its own; the unit leaves nothing half done."""
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db?timeout=0.05")
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="in use by another program"):
            await store.set_person_region("1001", "35.24", NOW)
    await store.set_person_region("1001", "35.24", NOW)
    await store.close()


async def test_a_journal_that_cannot_be_emptied_is_no_failure(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Everything is kept by then: whoever tried it again would say everything twice."""
    told: list[Outgoing] = []
    store.outbox.added = told.append

    async def full(_: object) -> None:
        raise OSError("database or disk is full")

    await store.set_person_region("1001", "35.24", NOW)
    monkeypatch.setattr(access, "empty_journal", full)
    async with store.unit():
        await store.forget("1001")
        await store.outbox.add(HELLO, NOW)
    assert [row.payload for row in told] == [HELLO.payload]
    assert "the disk is full" in caplog.text
