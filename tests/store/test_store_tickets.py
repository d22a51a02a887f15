"""Tickets: who waits for an answer, joined or taken back, and the messages that lead staff to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Asker
from bot.store.store import Store

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(hours=1)

BUDI = Asker("1001", "1001")
SITI = Asker("1002", "1002")
BUDI_IN_TOPIC = Asker("1001", "-100500", group=True, topic="7")


async def test_a_ticket_knows_where_its_answer_must_go(store: Store) -> None:
    ticket = await store.tickets.open(BUDI_IN_TOPIC, NOW, "bisa bicara dengan petugas?", message_id=55)
    (waiting,) = ticket.askers
    assert (waiting.asker, waiting.message_id, waiting.delivered) == (BUDI_IN_TOPIC, 55, None)
    assert (ticket.kind, ticket.additions, ticket.opened, ticket.closed) == ("petugas", "", NOW, None)
    assert (ticket.staff_chat, ticket.staff_message_id) == (None, None)
    assert await store.tickets.unsettled() == (ticket,)
    assert await store.tickets.get(ticket.number) == ticket
    assert await store.tickets.get(ticket.number + 1) is None


async def test_every_message_to_staff_finds_its_ticket(store: Store) -> None:
    await store.tickets.open(SITI, NOW, "yang lain")
    ticket = await store.tickets.open(BUDI, NOW, "data salah", kind="data")
    for message in (77, 99):
        await store.tickets.bind(ticket.number, "-200", message)
        assert await store.tickets.shown_in("-200", message) == replace(ticket, staff_chat="-200", staff_message_id=77)


@pytest.mark.parametrize(("chat", "message"), [("-200", 78), ("-201", 77)])
async def test_another_message_finds_no_ticket(store: Store, chat: str, message: int) -> None:
    ticket = await store.tickets.open(BUDI, NOW, "halo")
    await store.tickets.bind(ticket.number, "-200", 77)
    assert await store.tickets.shown_in(chat, message) is None


async def test_a_closed_ticket_is_still_found_but_no_longer_waits(store: Store) -> None:
    first = await store.tickets.open(BUDI, NOW, "satu")
    second = await store.tickets.open(SITI, NOW, "dua")
    await store.tickets.bind(first.number, "-200", 77)
    await store.tickets.close(first.number, SOON)
    await store.tickets.close(first.number, LATER)
    assert await store.tickets.unsettled() == (second,)
    found = await store.tickets.shown_in("-200", 77)
    assert found is not None
    assert found.closed == SOON


async def test_who_asks_the_same_waits_for_the_same_ticket_once(store: Store) -> None:
    ticket = await store.tickets.open(BUDI, NOW, "berapa kuota?", message_id=1)
    for _ in range(2):
        joined = await store.tickets.join(ticket.number, SITI, SOON, message_id=2)
    assert joined is not None
    assert [(w.asker, w.message_id) for w in joined.waiting] == [(BUDI, 1), (SITI, 2)]
    assert await store.tickets.unsettled() == (joined,)


async def test_nobody_joins_a_settled_ticket(store: Store) -> None:
    ticket = await store.tickets.open(BUDI, NOW, "berapa kuota?")
    await store.tickets.close(ticket.number, SOON)
    assert await store.tickets.join(ticket.number, SITI, LATER) is None
    assert await store.tickets.join(ticket.number + 1, SITI, LATER) is None


async def test_who_got_the_answer_waits_no_longer(store: Store) -> None:
    ticket = await store.tickets.open(BUDI, NOW, "berapa kuota?")
    await store.tickets.join(ticket.number, SITI, SOON)
    await store.tickets.delivered(ticket.askers[0], LATER)
    (found,) = await store.tickets.unsettled()
    assert [w.asker for w in found.waiting] == [SITI]
    assert found.askers[0].delivered == LATER


async def test_additions_are_masked_and_kept_in_order(store: Store) -> None:
    ticket = await store.tickets.open(BUDI, NOW, "berapa kuota?")
    await store.tickets.add(ticket.number, "untuk 2027")
    added = await store.tickets.add(ticket.number, "hp 081234567890")
    assert added is not None
    assert added.additions == "untuk 2027\nhp [nomor telepon]"
    await store.tickets.close(ticket.number, SOON)
    assert await store.tickets.add(ticket.number, "terlambat") is None


async def test_a_ticket_is_closed_when_the_last_asker_takes_it_back(store: Store) -> None:
    ticket = await store.tickets.open(BUDI, NOW, "berapa kuota?")
    await store.tickets.join(ticket.number, SITI, NOW)
    left = await store.tickets.withdraw(ticket.number, BUDI, SOON)
    assert left is not None
    assert (left.open, [w.asker for w in left.waiting]) == (True, [SITI])
    assert await store.tickets.withdraw(ticket.number, BUDI, SOON) is None
    closed = await store.tickets.withdraw(ticket.number, SITI, LATER)
    assert closed is not None
    assert (closed.closed, closed.askers) == (LATER, ())


async def test_forgetting_one_asker_leaves_the_ticket_to_the_other(store: Store) -> None:
    shared = await store.tickets.open(BUDI, NOW, "berapa kuota?")
    await store.tickets.join(shared.number, SITI, NOW)
    own = await store.tickets.open(BUDI, NOW, "kapan?")
    await store.tickets.bind(own.number, "-200", 77)
    await store.forget(BUDI.person)
    (left,) = await store.tickets.unsettled()
    assert [w.asker for w in left.askers] == [SITI]
    assert await store.tickets.shown_in("-200", 77) is None


async def test_a_chat_that_is_left_closes_the_tickets_of_nobody_else(store: Store) -> None:
    shared = await store.tickets.open(BUDI_IN_TOPIC, NOW, "berapa kuota?")
    await store.tickets.join(shared.number, SITI, NOW)
    own = await store.tickets.open(BUDI_IN_TOPIC, NOW, "kapan?")
    (closed,) = await store.tickets.leave(BUDI_IN_TOPIC.chat, SOON)
    assert (closed.number, closed.closed) == (own.number, SOON)
    (left,) = await store.tickets.unsettled()
    assert (left.number, [w.asker for w in left.askers]) == (shared.number, [SITI])
    assert await store.tickets.leave(BUDI_IN_TOPIC.chat, SOON) == ()
