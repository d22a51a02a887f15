"""A full disk, a damaged file, a lock that stays for seconds: each is named, and nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import OperatorError
from bot.model import Asker
from bot.store.store import LoggedQuestion, Store

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LONG = "x" * 2000


async def ask(store: Store, text: str) -> int:
    question = LoggedQuestion(text, "answer", (), 1.0, "v1", group=False, kind="faq")
    return await store.record(Asker("101", "101"), NOW, question, lambda _: None)


async def ask_until_refused(store: Store) -> tuple[list[int], str]:
    """The numbers of the questions that were acknowledged, and what the operator is told then."""
    kept = []
    for _ in range(1000):
        try:
            kept.append(await ask(store, LONG))
        except OperatorError as error:
            return kept, str(error)
    raise AssertionError("it was never refused")


async def set_most_pages(store: Store, most: int) -> None:
    """Lets the file grow to so many pages and no further, as a full disk does: SQLite says the same of both."""
    async with store._engine.connect() as connection:
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")


async def test_a_full_disk_is_named_and_keeps_what_was_acknowledged(url: str) -> None:
    store = await Store.open(url)
    await set_most_pages(store, 60)
    kept, told = await ask_until_refused(store)
    assert kept
    assert "bot.db cannot grow: the disk is full (database or disk is full). Remedy: free some space" in told
    assert [await store.question(number) for number in kept] == [LONG] * len(kept)
    await set_most_pages(store, 1000)  # space was freed
    assert await ask(store, "sesudahnya") > kept[-1]
    await store.close()
    with closing(sqlite3.connect(path_of(url))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM questions").fetchone() == (len(kept) + 1,)


async def test_a_damaged_file_is_named_with_the_way_back(url: str) -> None:
    store = await Store.open(url)
    for number in range(100):
        await ask(store, f"{number} {LONG}")
    await store.close()
    root_page = damage_root_of("questions", path_of(url))
    assert root_page > 1
    store = await Store.open(url)  # what stands on the damaged page is not needed to open it
    with pytest.raises(OperatorError) as caught:
        await ask(store, "halo")
    assert "bot.db is damaged" in str(caught.value)
    assert "Remedy: stop the bot, then restore a backup with: python -m bot restore FILE" in str(caught.value)
    assert await store.tickets.unsettled() == ()  # what is sound can be used still
    await store.close()


def damage_root_of(table: str, file: Path) -> int:
    """Overwrites the page where a table begins; returns its number."""
    with closing(sqlite3.connect(file)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    content[(root - 1) * size : root * size] = b"\xa5" * size
    file.write_bytes(bytes(content))
    return int(root)


async def test_a_lock_of_another_program_is_waited_for(url: str) -> None:
    """A backup tool, or somebody with the file open in an editor, holds it for two seconds."""
    store = await Store.open(url)
    other = sqlite3.connect(path_of(url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asking = asyncio.create_task(ask(store, "halo"))
    await asyncio.sleep(2)
    assert not asking.done()
    other.execute("COMMIT")
    other.close()
    assert await store.question(await asyncio.wait_for(asking, 5)) == "halo"
    await store.close()


async def test_a_lock_that_stays_is_named_and_passes(url: str) -> None:
    """Who was refused asks again; nothing of it was kept half."""
    store = await Store.open(f"{url}?timeout=0.1")
    first = await ask(store, "satu")
    other = sqlite3.connect(path_of(url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperatorError, match=r"is in use by another program .*Remedy: stop the other bot or the tool"):
        await ask(store, "dua")
    assert await store.question(first) == "satu"  # readers never wait
    other.close()
    assert await ask(store, "dua") == first + 1
    await store.close()


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite+aiosqlite:///"))
