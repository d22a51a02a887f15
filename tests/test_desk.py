"""The desk without a medium: where there are no staff, and where very much waits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.desk import MOST_LISTED, Desk
from bot.dialogue.mind import Mind
from bot.model import Asker, Decision
from bot.store.store import Store

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ANI, BUDI = Asker("101", "101"), Asker("102", "102")


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """An empty database in memory."""
    opened = await Store.open("sqlite+aiosqlite://")
    yield opened
    await opened.close()


async def test_without_staff_nothing_is_handed_over(mind: Mind, store: Store) -> None:
    desk = Desk(store, lambda: mind, staffed=False)
    reply = await desk.hand_off(ANI, "berapa kuota?", NOW, 5)
    assert (reply.decision, reply.text, reply.ticket) == (Decision.DECLINE, mind.says("tiket_tidak_tersedia"), None)
    assert await store.tickets.unsettled() == ()
    ticket, told = await desk.report(ANI, "Kabupaten Lahat 2022", NOW)
    assert (ticket.kind, told) == ("data", "")


async def test_reported_data_is_nobodys_question(mind: Mind, store: Store) -> None:
    """It is shown without nearest entries, and nobody joins it."""
    desk = Desk(store, lambda: mind, staffed=True)
    ticket, told = await desk.report(ANI, "apa syaratnya?", NOW)
    assert mind.says("tiket_terdekat") not in told
    other = (await desk.hand_off(BUDI, "apa syaratnya?", NOW, 5)).ticket
    assert other is not None
    assert other.number != ticket.number


async def test_a_very_long_list_is_cut(mind: Mind, store: Store) -> None:
    desk = Desk(store, lambda: mind, staffed=True)
    for number in range(MOST_LISTED + 2):
        await store.tickets.open(ANI, NOW, f"pertanyaan ke-{number}")
    lines = (await desk.overview()).text.splitlines()
    assert sum(line.startswith("- ") for line in lines) == MOST_LISTED
    assert mind.says("tiket_daftar_lain", jumlah=2) in lines


@pytest.mark.parametrize("number", [0, 2, 2**40])
async def test_a_ticket_that_is_not_there(mind: Mind, store: Store, number: int) -> None:
    desk = Desk(store, lambda: mind, staffed=True)
    await store.tickets.open(ANI, NOW, "berapa kuota?")
    assert (await desk.show(number, NOW)).decision is Decision.DECLINE
    refused = [await desk.withdraw(ANI, number, NOW), await desk.may_add(ANI, number)]
    assert {(reply.text, reply.notice) for reply in refused} == {(mind.says("tombol_kedaluwarsa"), True)}
