"""What is kept of groups: what their admins have set, and for an hour which message answered what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Asker, ChatSettings, Earlier, Quiet, Zone
from bot.store.access import Access
from bot.store.tables import (
    chat_regions,
    chat_settings,
    conversations,
    group_answers,
    ticket_askers,
    ticket_messages,
)

MOVED = (chat_settings, chat_regions, conversations, ticket_askers)
"""What goes along when a group becomes a supergroup."""


class ChatStore(Access):
    """The groups of one database.

    Example::

        await store.chats.set("-1001", ChatSettings(full=True), now)
        settings, region = await store.chats.get("-1001")
    """

    async def get(self, chat: str) -> tuple[ChatSettings, str | None]:
        """What is set in a group, the defaults where nothing is, and the code of its region."""
        settings = select(chat_settings.c.settings).where(chat_settings.c.chat == chat).scalar_subquery()
        region = select(chat_regions.c.region).where(chat_regions.c.chat == chat).scalar_subquery()
        (row,) = await self._rows(select(settings.label("settings"), region.label("region")))
        return _settings(row["settings"] or {}), row["region"]

    async def set(self, chat: str, settings: ChatSettings, now: datetime) -> None:
        """Keep what the admins of a group have chosen."""
        async with self._transaction() as connection:
            await _upsert(connection, chat, {"settings": _as_json(settings), "changed_at": now, "left_at": None}, now)

    async def joined(self, chat: str, now: datetime) -> None:
        """Note that the bot is in a group."""
        async with self._transaction() as connection:
            await _upsert(connection, chat, {"left_at": None}, now)

    async def introduce(self, chat: str, now: datetime) -> bool:
        """Tell whether the bot shall introduce itself in a group: once, and not where it has been removed again."""
        still_there = and_(chat_settings.c.left_at.is_(None), chat_settings.c.introduced_at.is_(None))
        new = update(chat_settings).where(chat_settings.c.chat == chat, still_there)
        return await self._change(new.values(introduced_at=now)) > 0

    async def left(self, chat: str, now: datetime) -> None:
        """Note that the bot was removed from a group, and forget what was said there.

        What the admins have set stays for a while, see ``Store.purge``: a group that changes the bot's privacy mode
        must remove it and add it again.
        """
        async with self._transaction() as connection:
            await _upsert(connection, chat, {"left_at": now}, now)
            for table in (conversations, group_answers):
                await connection.execute(delete(table).where(table.c.chat == chat))

    async def move(self, old: str, new: str) -> None:
        """A group has become a supergroup with another id: everything but the ids of its messages goes along.

        Moving it again changes nothing.
        """
        if old == new:
            return
        async with self._transaction() as connection:
            for table in MOVED:
                await _move(connection, table, old, new)
            await connection.execute(update(ticket_askers).where(ticket_askers.c.chat == new).values(message_id=None))
            await connection.execute(update(chat_settings).where(chat_settings.c.chat == new).values(left_at=None))
            await connection.execute(delete(group_answers).where(group_answers.c.chat == old))
            await connection.execute(delete(ticket_messages).where(ticket_messages.c.staff_chat == old))

    async def answer(self, place: Asker, answer: str, since: datetime) -> Earlier | None:
        """Which message in this chat and topic gave an answer since then; None where none did."""
        given = and_(_in(place), group_answers.c.answer == answer, group_answers.c.answered_at >= since)
        rows = await self._rows(select(group_answers.c.message_id, group_answers.c.answered_at).where(given))
        return next((Earlier(row["message_id"], row["answered_at"]) for row in rows), None)

    async def remember(self, place: Asker, answer: str, message_id: int, now: datetime, since: datetime) -> None:
        """Keep which message gives an answer, and none that it gave before; "" where it gives none.

        What was given before ``since``, by any chat, is dropped.
        """
        row = {"chat": place.chat, "topic": place.topic, "answer": answer, "message_id": message_id, "answered_at": now}
        async with self._transaction() as connection:
            await connection.execute(delete(group_answers).where(group_answers.c.answered_at < since))
            same = or_(group_answers.c.answer == answer, group_answers.c.message_id == message_id)
            await connection.execute(delete(group_answers).where(_in(place), same))
            if answer:
                await connection.execute(insert(group_answers), row)


def _in(place: Asker) -> ColumnElement[bool]:
    return and_(group_answers.c.chat == place.chat, group_answers.c.topic == place.topic)


async def _upsert(connection: AsyncConnection, chat: str, values: dict[str, Any], now: datetime) -> None:
    mine = chat_settings.c.chat == chat
    if (await connection.execute(update(chat_settings).where(mine).values(values))).rowcount == 0:
        await connection.execute(insert(chat_settings), {"chat": chat, "settings": {}, "changed_at": now} | values)


async def _move(connection: AsyncConnection, table: Table, old: str, new: str) -> None:
    """Give the rows of a chat another chat, in the place of rows that it may have got already."""
    if (await connection.execute(select(literal(1)).where(table.c.chat == old).limit(1))).scalar() is None:
        return
    if table is not ticket_askers:  # nobody who waits is ever dropped
        await connection.execute(delete(table).where(table.c.chat == new))
    await connection.execute(update(table).where(table.c.chat == old).values(chat=new))


def _as_json(settings: ChatSettings) -> dict[str, Any]:
    quiet = settings.quiet
    return {
        "topics": None if settings.topics is None else [list(topic) for topic in settings.topics],
        "quiet": None if quiet is None else [quiet.start, quiet.end],
        "zone": None if settings.zone is None else settings.zone.value,
        "full": settings.full,
        "unasked": settings.unasked,
    }


def _settings(raw: dict[str, Any]) -> ChatSettings:
    """Reads what ``_as_json`` wrote; what another version did not write has its default.

    >>> _settings(_as_json(ChatSettings((("7", "Seleksi"),), Quiet(21, 6), Zone.WIT, full=True))).quiet
    Quiet(start=21, end=6)
    """
    topics, quiet, zone = raw.get("topics"), raw.get("quiet"), raw.get("zone")
    return ChatSettings(
        topics=None if topics is None else tuple((str(ident), str(name)) for ident, name in topics),
        quiet=None if quiet is None else Quiet(*quiet),
        zone=None if zone is None else Zone(zone),
        full=bool(raw.get("full")),
        unasked=bool(raw.get("unasked")),
    )
