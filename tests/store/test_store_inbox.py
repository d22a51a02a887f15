"""What has come in is kept once, and until it is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.mail import Kind, Outgoing, Received, Settled, State, Way
from bot.store.inbox import RAW_LIFE
from bot.store.store import MAIL_LIFE, Store

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FOREVER = timedelta(days=3650)
HELLO = Received(500, '{"update_id": 500}', "1001", 7, NOW, "words")


def journal(url: str) -> bytes:
    return Path(f"{url.removeprefix('sqlite+aiosqlite:///')}-wal").read_bytes()


async def states(store: Store) -> dict[State, int]:
    return (await store.ledger.overview()).states


async def test_an_update_that_comes_twice_is_kept_once(store: Store) -> None:
    assert await store.inbox.receive(HELLO, NOW)
    assert not await store.inbox.receive(HELLO, NOW + SECOND)
    assert await store.inbox.waiting() == (HELLO.raw,)


async def test_what_waits_comes_in_the_order_it_came(store: Store) -> None:
    """Telegram may begin anew with lower numbers."""
    for number, moment in ((9, NOW), (7, NOW + SECOND), (8, NOW + SECOND)):
        await store.inbox.receive(Received(number, str(number)), moment)
    assert await store.inbox.waiting() == ("9", "7", "8")


async def test_what_is_handled_waits_no_more(store: Store) -> None:
    """Without any reply it has ended; that it came stays known, and not from whom."""
    await store.inbox.receive(HELLO, NOW)
    await store.inbox.conclude(500, NOW)
    assert await store.inbox.words("1001", 7, 501) is None
    assert await store.inbox.waiting() == ()
    assert await states(store) == {State.NOTHING: 1}
    assert not await store.inbox.receive(HELLO, NOW)


async def test_what_has_a_reply_ends_with_it(store: Store) -> None:
    await store.inbox.receive(HELLO, NOW)
    await store.outbox.add(Outgoing("1001", Kind.MESSAGE, {}, update_id=500), NOW)
    await store.inbox.conclude(500, NOW)
    assert await states(store) == {State.HANDLED: 1}


async def test_one_of_a_flood_stays_that_whatever_it_is_told(store: Store) -> None:
    await store.inbox.receive(HELLO, NOW)
    await store.outbox.add(Outgoing("1001", Kind.MESSAGE, {}, update_id=500), NOW)
    await store.inbox.rest(500, NOW)
    await store.inbox.conclude(500, NOW)
    assert await states(store) == {State.RESTED: 1}
    assert await store.inbox.waiting() == ()


async def test_what_could_not_be_read_is_kept_without_content(store: Store) -> None:
    await store.inbox.receive(Received(500, "", state=State.NOTHING), NOW)
    assert await store.inbox.waiting() == ()
    assert await states(store) == {State.NOTHING: 1}


@pytest.mark.parametrize(
    ("chat", "message", "before", "expected"),
    [
        ("1001", 7, 500, None),
        ("1001", 7, 501, "first"),
        ("1001", 7, 502, "second"),
        ("1001", 8, 502, None),
        ("1002", 7, 502, None),
    ],
)
async def test_words_before_an_edit(store: Store, chat: str, message: int, before: int, expected: str | None) -> None:
    for number, words in ((500, "first"), (501, "second")):
        await store.inbox.receive(Received(number, "{}", "1001", 7, NOW, words), NOW)
    assert await store.inbox.words(chat, message, before) == expected


async def test_raw_words_live_a_day_at_most(store: Store) -> None:
    await store.inbox.receive(HELLO, NOW)
    await store.purge(NOW + RAW_LIFE, FOREVER)
    assert await store.inbox.waiting() == (HELLO.raw,)
    await store.purge(NOW + RAW_LIFE + SECOND, FOREVER)
    assert await store.inbox.waiting() == ()
    assert await states(store) == {State.UNREACHABLE: 1}


async def test_nothing_is_known_for_ever(store: Store) -> None:
    await store.inbox.receive(HELLO, NOW)
    await store.inbox.conclude(500, NOW)
    await store.purge(NOW + MAIL_LIFE, FOREVER)
    assert await states(store) == {State.NOTHING: 1}
    await store.purge(NOW + MAIL_LIFE + SECOND, FOREVER)
    assert await states(store) == {}


async def test_forgetting_a_person_leaves_only_what_is_on_its_way(store: Store) -> None:
    """It is gone with what is deleted next, or after two days."""
    await store.inbox.receive(HELLO, NOW)
    await store.inbox.receive(Received(501, "{}", "1001", 8), NOW)
    await store.inbox.receive(Received(502, "{}", "1002", 8), NOW)
    for number, person in ((500, "1001"), (502, "1002")):
        sent = await store.outbox.add(Outgoing(person, Kind.MESSAGE, {}, update_id=number), NOW)
        await store.inbox.conclude(number, NOW)
        await store.outbox.settle([Settled(sent.id, Way.SENT, 9)], NOW)
        await store.outbox.end([sent.id], NOW)
    assert await store.forget("1001") == 2
    assert await states(store) == {State.WAITING: 1, State.ANSWERED: 1}


async def test_what_was_answered_leaves_the_journal_too(url: str) -> None:
    """With the next tidying up, also where that finds no row to delete."""
    store = await Store.open(url)
    await store.inbox.receive(replace(HELLO, raw="NIK 3524010101900001"), NOW)
    await store.inbox.conclude(500, NOW)
    assert b"3524010101900001" in journal(url)
    assert await store.purge(NOW, FOREVER) == 0
    assert b"3524010101900001" not in journal(url)
    await store.close()
