"""Groups: their settings survive a move, are forgotten after a while, and an answer is remembered for an hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.model import Asker, ChatSettings, Earlier, Quiet, Zone
from bot.store.store import RETURN_WITHIN, LoggedQuestion, Store
from bot.store.tables import metadata

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)
HOUR = timedelta(hours=1)
FOREVER = timedelta(days=10_000)

OLD, NEW, OTHER = "-500", "-100500", "-100501"
MEMBER = Asker("1001", OLD, group=True)
CHOSEN = ChatSettings((("7", "Seleksi"), ("", "Umum")), Quiet(21, 6), Zone.WIT, full=True, unasked=True)
QUESTION = LoggedQuestion("apa syaratnya?", "answer", ("syarat-seleksi",), 0.8, "abc", group=True, kind="faq")


async def rows_of(store: Store, chat: str) -> list[str]:
    """The tables that hold something of a chat."""
    found = []
    async with store._engine.connect() as connection:
        for table in metadata.sorted_tables:
            column = table.c.get("chat", table.c.get("staff_chat"))
            if column is not None and (await connection.execute(select(table).where(column == chat))).first():
                found.append(table.name)
    return found


async def fill(store: Store) -> None:
    """Everything that can be kept of a group."""
    await store.chats.joined(OLD, NOW)
    assert await store.chats.introduce(OLD, NOW)
    await store.chats.set(OLD, CHOSEN, NOW)
    await store.set_chat_region(OLD, "35.24", NOW)
    await store.record(MEMBER, NOW, QUESTION, lambda _: '{"entry": "x"}')
    await store.chats.remember(MEMBER, "digest", 55, NOW, NOW - HOUR)
    ticket = await store.tickets.open(MEMBER, NOW, "halo", message_id=55)
    await store.tickets.bind(ticket.number, OLD, 56)


@pytest.mark.parametrize(
    "chosen",
    [
        CHOSEN,
        ChatSettings(),
        ChatSettings(topics=()),
        ChatSettings(quiet=Quiet(0, 5)),
        ChatSettings(zone=Zone.WITA, unasked=True),
    ],
)
async def test_settings_are_read_as_they_were_written(store: Store, chosen: ChatSettings) -> None:
    assert await store.chats.get(OLD) == (ChatSettings(), None)
    await store.chats.set(OLD, CHOSEN, NOW)
    await store.chats.set(OLD, chosen, SOON)
    await store.set_chat_region(OLD, "35.24", NOW)
    assert await store.chats.get(OLD) == (chosen, "35.24")
    assert await store.chats.get(OTHER) == (ChatSettings(), None)


async def test_a_group_is_greeted_once(store: Store) -> None:
    await store.chats.joined(OLD, NOW)
    assert [await store.chats.introduce(OLD, NOW) for _ in range(2)] == [True, False]
    await store.chats.left(OLD, SOON)
    await store.chats.joined(OLD, SOON)
    assert not await store.chats.introduce(OLD, SOON)


async def test_a_group_that_is_not_there_is_not_greeted(store: Store) -> None:
    assert not await store.chats.introduce(OLD, NOW)
    await store.chats.joined(OLD, NOW)
    await store.chats.left(OLD, NOW)
    assert not await store.chats.introduce(OLD, NOW)


async def test_a_move_takes_everything_along_but_ids_of_messages(store: Store) -> None:
    await fill(store)
    await store.chats.joined(NEW, NOW)  # Telegram may tell of the new group first
    for _ in range(2):
        await store.chats.move(OLD, NEW)
    assert await store.chats.get(NEW) == (CHOSEN, "35.24")
    assert not await store.chats.introduce(NEW, SOON)
    memory = await store.recall(replace(MEMBER, chat=NEW), NOW, HOUR)
    assert (memory.context, memory.chat_region) == ('{"entry": "x"}', "35.24")
    (ticket,) = await store.tickets.unsettled()
    assert (ticket.askers[0].asker.chat, ticket.askers[0].message_id, ticket.staff_chat) == (NEW, None, None)
    assert await rows_of(store, OLD) == []


async def test_a_move_leaves_a_group_without_history_alone(store: Store) -> None:
    await store.chats.set(NEW, CHOSEN, NOW)
    await store.chats.move(OLD, NEW)
    assert await store.chats.get(NEW) == (CHOSEN, None)


async def test_what_was_said_goes_at_once_and_the_settings_after_a_week(store: Store) -> None:
    await fill(store)
    await store.chats.left(OLD, SOON)
    await store.tickets.leave(OLD, SOON)
    assert await rows_of(store, OLD) == ["chat_regions", "chat_settings", "ticket_messages"]
    await store.purge(SOON + RETURN_WITHIN, FOREVER)
    assert await store.chats.get(OLD) == (CHOSEN, "35.24")
    await store.purge(SOON + RETURN_WITHIN + timedelta(seconds=1), FOREVER)
    assert await rows_of(store, OLD) == ["ticket_messages"]  # a staff chat is no asker
    assert await store.tickets.unsettled() == ()


async def test_a_group_that_takes_the_bot_back_keeps_its_settings(store: Store) -> None:
    await fill(store)
    await store.chats.left(OLD, NOW)
    await store.chats.joined(OLD, SOON)
    await store.purge(NOW + 2 * RETURN_WITHIN, FOREVER)
    assert await store.chats.get(OLD) == (CHOSEN, "35.24")


@pytest.mark.parametrize(
    ("place", "answer", "since", "found"),
    [
        pytest.param(MEMBER, "digest", NOW - HOUR, True, id="same"),
        pytest.param(replace(MEMBER, person="1002"), "digest", NOW - HOUR, True, id="another member"),
        pytest.param(MEMBER, "digest", SOON, False, id="too long ago"),
        pytest.param(MEMBER, "other", NOW - HOUR, False, id="another answer"),
        pytest.param(replace(MEMBER, topic="7"), "digest", NOW - HOUR, False, id="another topic"),
        pytest.param(replace(MEMBER, chat=OTHER), "digest", NOW - HOUR, False, id="another group"),
    ],
)
async def test_an_answer_is_found_where_it_was_given(
    store: Store, place: Asker, answer: str, since: datetime, found: bool
) -> None:
    await store.chats.remember(MEMBER, "digest", 54, NOW - timedelta(minutes=5), NOW - HOUR)
    await store.chats.remember(MEMBER, "digest", 55, NOW, NOW - HOUR)
    assert await store.chats.answer(place, answer, since) == (Earlier(55, NOW) if found else None)


async def test_old_answers_of_any_group_are_dropped(store: Store) -> None:
    await store.chats.remember(MEMBER, "digest", 55, NOW, NOW - HOUR)
    later = NOW + HOUR + timedelta(seconds=1)
    await store.chats.remember(replace(MEMBER, chat=OTHER), "digest", 56, later, later - HOUR)
    assert await rows_of(store, OLD) == []
