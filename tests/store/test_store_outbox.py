"""What goes out is kept until it has arrived, and every question ends in exactly one state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.mail import Kind, Outgoing, Received, Settled, Shown, State, Way
from bot.store.inbox import RAW_LIFE
from bot.store.store import MAIL_LIFE, Store

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FOREVER = timedelta(days=3650)
SORRY = Outgoing("1001", Kind.MESSAGE, {"html": "Maaf"}, then={"apology": True})
HELLO = Outgoing(
    "1001",
    Kind.MESSAGE,
    {"html": "Halo", "keyboard": {"inline_keyboard": []}},
    topic=5,
    reply_to=6,
    question=7,
    update_id=500,
    digest="d",
    then={"ticket": 1},
    otherwise=(SORRY,),
)


async def handled(store: Store, *rows: Outgoing) -> list[int]:
    """An update with what is said to it; returns the ids of that."""
    await store.inbox.receive(Received(500, "{}", "1001", 7, NOW), NOW)
    ids = [(await store.outbox.add(row, NOW)).id for row in rows]
    await store.inbox.conclude(500, NOW)
    return ids


async def settle(store: Store, *settled: Settled) -> None:
    await store.outbox.settle(settled, NOW)
    await store.outbox.end([one.id for one in settled], NOW)


async def states(store: Store) -> dict[State, int]:
    return (await store.ledger.overview()).states


async def ways(store: Store) -> dict[Way, int]:
    return (await store.ledger.overview()).ways


async def test_a_message_comes_back_as_it_was_written(store: Store) -> None:
    kept = await store.outbox.add(HELLO, NOW)
    assert await store.outbox.waiting() == (kept,)
    assert replace(kept, id=0, written_at=None) == HELLO


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        ([Way.SENT], State.ANSWERED),
        ([Way.SENT, Way.FAILED], State.ANSWERED),
        ([Way.FAILED, Way.UNREACHABLE], State.UNREACHABLE),
        ([Way.UNREACHABLE], State.UNREACHABLE),
        ([Way.MERGED], State.MERGED),
        ([Way.SENT, Way.WAITING], State.HANDLED),
    ],
)
async def test_how_a_question_ends(store: Store, ends: list[Way], state: State) -> None:
    """When all that is said to it has ended, and by what of it has arrived."""
    ids = await handled(store, *[HELLO for _ in ends])
    await settle(store, *(Settled(number, way, 8) for number, way in zip(ids, ends, strict=True)))
    assert await states(store) == {state: 1}


async def test_what_is_said_elsewhere_answers_nobody_here(store: Store) -> None:
    """A ticket that has reached staff is no answer to somebody who has blocked the bot."""
    here, there = await handled(store, HELLO, replace(HELLO, chat="-1003"))
    await settle(store, Settled(here, Way.UNREACHABLE), Settled(there, Way.SENT, 9))
    assert await states(store) == {State.UNREACHABLE: 1}


async def test_what_has_arrived_loses_its_words(store: Store) -> None:
    (number,) = await handled(store, HELLO)
    await settle(store, Settled(number, Way.SENT, 8))
    assert await store.outbox.waiting() == ()
    assert await store.outbox.place(number) == 8
    assert await store.outbox.shown("1001", 7) == (Shown(number, "d"),)
    (row,) = await store._rows(text('SELECT payload, "then", otherwise FROM outgoing'))
    assert [str(value) for value in row.values()] == ["{}", "{}", "[]"]


async def test_a_try_that_failed_is_counted_and_waits(store: Store) -> None:
    (number,) = await handled(store, HELLO)
    await store.outbox.mark([number])
    assert await store.outbox.waiting() == ()
    await settle(store, Settled(number, Way.WAITING, unknown=True))
    (row,) = await store.outbox.waiting()
    assert (row.attempts, row.unknown) == (1, 1)
    assert await states(store) == {State.HANDLED: 1}


async def test_after_a_crash_nobody_knows_of_what_was_being_sent(store: Store) -> None:
    """A message may be in the chat; a change can be made again without anybody noticing."""
    ids = await handled(store, HELLO, replace(HELLO, kind=Kind.EDIT), replace(HELLO, kind=Kind.DOCUMENT), HELLO)
    await store.outbox.mark(ids[:3])
    assert await store.outbox.recover() == 3
    assert [row.unknown for row in await store.outbox.waiting()] == [1, 0, 1, 0]
    assert (await store.ledger.overview()).repeats == 2


async def test_messages_that_go_along_share_the_fate_of_their_carrier(store: Store) -> None:
    ids = await handled(store, HELLO, HELLO)
    carrier = await store.outbox.merge(Outgoing("1001", Kind.MESSAGE, {}), ids, NOW)
    assert [row.id for row in await store.outbox.waiting()] == [carrier.id]
    assert await states(store) == {State.HANDLED: 1}
    await store.outbox.settle([Settled(carrier.id, Way.SENT, 8)], NOW)
    await store.outbox.unpack(carrier.id, Way.SENT, NOW)
    await store.outbox.end([carrier.id], NOW)
    assert await states(store) == {State.MERGED: 1}


async def test_where_the_carrier_is_refused_they_go_alone(store: Store) -> None:
    ids = await handled(store, HELLO, HELLO)
    carrier = await store.outbox.merge(Outgoing("1001", Kind.MESSAGE, {}), ids, NOW)
    told: list[Outgoing] = []
    store.outbox.added = told.append
    await store.outbox.settle([Settled(carrier.id, Way.FAILED)], NOW)
    await store.outbox.unpack(carrier.id, Way.FAILED, NOW)
    assert [row.id for row in await store.outbox.waiting()] == [row.id for row in told] == ids
    assert await states(store) == {State.HANDLED: 1}


async def test_what_answers_a_question_can_change_and_go(store: Store) -> None:
    first, second = await handled(store, HELLO, HELLO)
    await store.outbox.reshape(first, "new")
    await store.outbox.reshape(second, None)
    assert await store.outbox.shown("1001", 7) == (Shown(first, "new"),)


async def test_a_group_that_moves_takes_along_what_waits(store: Store) -> None:
    """Its messages have other numbers there, so nothing is quoted."""
    sent, left = await handled(store, HELLO, HELLO)
    await settle(store, Settled(sent, Way.SENT, 8))
    await store.outbox.move("1001", "-100")
    assert await store.outbox.waiting("1001") == ()
    (row,) = await store.outbox.waiting("-100")
    assert (row.id, row.chat, row.reply_to, row.question) == (left, "-100", None, None)
    await settle(store, Settled(left, Way.SENT, 9))
    assert await states(store) == {State.ANSWERED: 1}


async def test_who_has_read_an_apology_lately(store: Store) -> None:
    await store.outbox.add(replace(HELLO, late=True), NOW)
    assert await store.outbox.apologised("1001", NOW)
    assert not await store.outbox.apologised("1001", NOW + SECOND)
    assert not await store.outbox.apologised("1002", NOW)


async def test_what_cannot_be_sent_within_a_day_is_given_up(store: Store) -> None:
    """Its words are kept no longer than Telegram keeps those of the question."""
    await handled(store, HELLO)
    await store.purge(NOW + RAW_LIFE, FOREVER)
    assert len(await store.outbox.waiting()) == 1
    await store.purge(NOW + RAW_LIFE + SECOND, FOREVER)
    assert await store.outbox.waiting() == ()
    assert (await ways(store), await states(store)) == ({Way.FAILED: 1}, {State.UNREACHABLE: 1})
    await store.purge(NOW + RAW_LIFE + MAIL_LIFE + 2 * SECOND, FOREVER)
    assert (await ways(store), await states(store)) == ({}, {})


async def test_of_an_erased_answer_nothing_is_left_but_that_it_was_one(store: Store) -> None:
    (number,) = await handled(store, HELLO)
    await store.outbox.settle([Settled(number, Way.SENT, 8)], NOW)
    await store.outbox.erase(500, NOW)
    assert (await ways(store), await states(store)) == ({}, {State.ANSWERED: 1})
    assert await store.forget("1001") == 0
    assert not await store.inbox.receive(Received(500, "{}"), NOW)


async def test_forgetting_a_person_drops_what_was_said_to_them(store: Store) -> None:
    (number,) = await handled(store, HELLO)
    await settle(store, Settled(number, Way.SENT, 8))
    assert await store.forget("1002") == 0
    assert await store.forget("1001") == 2
    assert (await ways(store), await states(store)) == ({}, {})


async def test_when_a_chat_was_written_to(store: Store) -> None:
    """Only messages count, and only those that have arrived."""
    ids = await handled(store, HELLO, replace(HELLO, kind=Kind.EDIT), HELLO)
    await settle(store, Settled(ids[0], Way.SENT, 8), Settled(ids[1], Way.SENT), Settled(ids[2], Way.FAILED))
    assert await store.outbox.posted(NOW) == (("1001", NOW),)
    assert await store.outbox.posted(NOW + SECOND) == ()
