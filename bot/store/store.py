"""What the bot remembers: conversations, regions, the question log and the tickets for staff.

Every public coroutine of Store is one transaction, may be called by any number of tasks at once, and raises
OperatorError, naming the database and the remedy, where the database fails. Times come in as arguments with a zone.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    Delete,
    Executable,
    RowMapping,
    Table,
    Update,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.model import Asker, Ticket
from bot.store.database import ONE_STATEMENT, empty_journal, explained, open_engine
from bot.store.masking import mask
from bot.store.tables import chat_regions, conversations, person_regions, questions, tickets

RATINGS = (-1, 1)

TicketKind = Literal["petugas", "data"]  # wants a person, or reports a mistake in our data


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered when somebody asks."""

    context: str | None  # JSON text of the conversation; None where there is none or it is past its time to live
    person_region: str | None  # code
    chat_region: str | None  # code


@dataclass(frozen=True, slots=True)
class LoggedQuestion:
    """One row of the question log; ``record`` masks the text."""

    text: str
    decision: str
    entries: tuple[str, ...]
    score: float  # 0-1
    knowledge_version: str
    group: bool
    kind: str  # faq, region, smalltalk, declined, choice …


# The two statements of every question are built once.
_IN_THIS_PLACE = and_(
    conversations.c.person == bindparam("of_person"),
    conversations.c.chat == bindparam("of_chat"),
    conversations.c.topic == bindparam("of_topic"),
)
_RECALL = select(
    select(conversations.c.context)
    .where(_IN_THIS_PLACE, conversations.c.updated_at >= bindparam("since"))
    .scalar_subquery()
    .label("context"),
    select(person_regions.c.region)
    .where(person_regions.c.person == bindparam("of_person"))
    .scalar_subquery()
    .label("person_region"),
    select(chat_regions.c.region)
    .where(chat_regions.c.chat == bindparam("of_chat"))
    .scalar_subquery()
    .label("chat_region"),
)
_FORGET_CONTEXT = delete(conversations).where(_IN_THIS_PLACE)


class Store:
    """The database behind the assistant.

    Example::

        store = await Store.open("sqlite+aiosqlite:///data/bot.db")
        memory = await store.recall(asker, now, ttl=timedelta(minutes=30))
        question_id = await store.record(asker, now, question, lambda number: '{"entry": "syarat-seleksi"}')
        await store.close()
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**{ONE_STATEMENT: True})

    @classmethod
    async def open(cls, url: str) -> Store:
        """Open the database at ``url``, create what is missing and bring its tables to the newest form.

        ``sqlite+aiosqlite://`` is a database in memory that lives as long as this store; a call that is cancelled
        half-way takes it along, so it is for trying out and for tests. Raises OperatorError, naming
        the file and the remedy, where the database cannot be used.
        """
        return cls(await open_engine(url))

    async def close(self) -> None:
        """Let go of the database; the store cannot be used afterwards."""
        await self._engine.dispose()

    async def recall(self, asker: Asker, now: datetime, ttl: timedelta) -> Memory:
        """What is known when ``asker`` speaks: their conversation in this place and the regions set.

        The conversation belongs to one person in one chat and forum topic, and is forgotten ``ttl`` after its last
        question; the region of the person holds in every chat, that of the chat for everybody in it.
        """
        (row,) = await self._rows(_RECALL, {**_place(asker), "since": now - ttl})
        return Memory(**row)

    async def record(
        self, asker: Asker, now: datetime, question: LoggedQuestion, context: Callable[[int], str | None]
    ) -> int:
        """Keep one question and the new context of the conversation together; returns the id of the question.

        The texts are masked first. The log says nothing about person or chat. ``context`` gets the question's id and
        returns JSON text; None ends the conversation.
        """
        row = {
            "asked_at": now,
            "text": mask(question.text),
            "decision": question.decision,
            "kind": question.kind,
            "entries": list(question.entries),
            "score": question.score,
            "knowledge_version": question.knowledge_version,
            "in_group": question.group,
        }
        place = _place(asker)
        async with self._transaction() as connection:
            question_id = await _insert(connection, questions, row)
            await connection.execute(_FORGET_CONTEXT, place)
            kept = context(question_id)
            if kept is not None:
                key = {"person": asker.person, "chat": asker.chat, "topic": asker.topic}
                await connection.execute(
                    insert(conversations), {**key, "context": _masked_json(kept), "updated_at": now}
                )
        return question_id

    async def question(self, question_id: int) -> str | None:
        """The masked text of a logged question; None where it is gone."""
        rows = await self._rows(select(questions.c.text).where(questions.c.id == question_id))
        return next((str(row["text"]) for row in rows), None)

    async def set_person_region(self, person: str, code: str | None, now: datetime) -> None:
        """Remember which region ``person`` means by "daerah saya"; None forgets it."""
        async with self._transaction() as connection:
            await connection.execute(delete(person_regions).where(person_regions.c.person == person))
            if code is not None:
                await connection.execute(insert(person_regions), {"person": person, "region": code, "set_at": now})

    async def set_chat_region(self, chat: str, code: str | None, now: datetime) -> None:
        """Remember which region everybody in ``chat`` means by "daerah kami"; None forgets it."""
        async with self._transaction() as connection:
            await connection.execute(delete(chat_regions).where(chat_regions.c.chat == chat))
            if code is not None:
                await connection.execute(insert(chat_regions), {"chat": chat, "region": code, "set_at": now})

    async def rate(self, question_id: int, value: int, now: datetime) -> bool:
        """Keep whether an answer helped (1) or not (-1); the last rating counts. False where the question is gone."""
        if value not in RATINGS:
            raise ValueError(f"a rating is one of {RATINGS}, not {value}")
        change = update(questions).where(questions.c.id == question_id).values(rating=value, rated_at=now)
        return await self._change(change) > 0

    async def open_ticket(
        self,
        asker: Asker,
        now: datetime,
        question: str,
        *,
        message_id: int | None = None,
        kind: TicketKind = "petugas",
    ) -> Ticket:
        """Hand a question to staff; its text is masked, and where it came from is kept until somebody has answered."""
        row = {
            "kind": kind,
            "question": mask(question),
            "person": asker.person,
            "chat": asker.chat,
            "topic": asker.topic,
            "in_group": asker.group,
            "message_id": message_id,
            "opened_at": now,
        }
        async with self._transaction() as connection:
            number = await _insert(connection, tickets, row)
            result = await connection.execute(select(tickets).where(tickets.c.number == number))
            return _ticket(result.mappings().one())

    async def bind_ticket(self, number: int, staff_chat: str, staff_message_id: int) -> None:
        """Note which message told staff of a ticket, so that a reply to it finds the asker."""
        change = update(tickets).where(tickets.c.number == number)
        await self._change(change.values(staff_chat=staff_chat, staff_message_id=staff_message_id))

    async def ticket_for(self, staff_chat: str, staff_message_id: int) -> Ticket | None:
        """The ticket, open or closed, that a message in the staff chat told of; None where it is not one."""
        told = and_(tickets.c.staff_chat == staff_chat, tickets.c.staff_message_id == staff_message_id)
        return next(map(_ticket, await self._rows(select(tickets).where(told))), None)

    async def close_ticket(self, number: int, now: datetime) -> None:
        """Note that a ticket is settled; closing it again changes nothing."""
        open_one = and_(tickets.c.number == number, tickets.c.closed_at.is_(None))
        await self._change(update(tickets).where(open_one).values(closed_at=now))

    async def open_tickets(self) -> tuple[Ticket, ...]:
        """All tickets that nobody has settled, oldest first."""
        waiting = select(tickets).where(tickets.c.closed_at.is_(None)).order_by(tickets.c.number)
        return tuple(map(_ticket, await self._rows(waiting)))

    async def purge(self, now: datetime, retention: timedelta) -> int:
        """Delete questions, conversations and closed tickets older than ``retention``; returns how many rows."""
        limit = now - retention
        return await self._erase(
            delete(questions).where(questions.c.asked_at < limit),
            delete(conversations).where(conversations.c.updated_at < limit),
            delete(tickets).where(tickets.c.closed_at < limit),
        )

    async def forget(self, person: str) -> int:
        """Delete everything that is kept under the id of ``person``; returns how many rows."""
        return await self._erase(
            # A private chat has the id of its person.
            delete(conversations).where(or_(conversations.c.person == person, conversations.c.chat == person)),
            delete(person_regions).where(person_regions.c.person == person),
            delete(chat_regions).where(chat_regions.c.chat == person),
            delete(tickets).where(or_(tickets.c.person == person, tickets.c.chat == person)),
        )

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        with explained(self._engine.url):
            async with self._engine.begin() as connection:
                yield connection

    async def _rows(self, query: Executable, parameters: dict[str, Any] | None = None) -> Sequence[RowMapping]:
        with explained(self._engine.url):
            async with self._reader.connect() as connection:
                return (await connection.execute(query, parameters)).mappings().all()

    async def _change(self, change: Update) -> int:
        async with self._transaction() as connection:
            return (await connection.execute(change)).rowcount

    async def _erase(self, *deletions: Delete) -> int:
        async with self._transaction() as connection:
            rows = sum([(await connection.execute(deletion)).rowcount for deletion in deletions])
        if rows:
            with explained(self._engine.url):
                await empty_journal(self._engine)
        return rows


async def _insert(connection: AsyncConnection, table: Table, row: dict[str, Any]) -> int:
    """Insert a row and return the number that the database gave it."""
    (number,) = tuple((await connection.execute(insert(table), row)).inserted_primary_key or ())
    return int(number)


def _place(asker: Asker) -> dict[str, str]:
    return {"of_person": asker.person, "of_chat": asker.chat, "of_topic": asker.topic}


def _masked_json(context: str) -> str:
    """Mask the texts inside JSON but not its numbers, since a score with 16 digits is no NIK.

    >>> _masked_json('{"score": 0.8312345678901234, "text": "NIK 3524010101900001"}')
    '{"score": 0.8312345678901234, "text": "NIK [NIK]"}'
    """
    if "\\u" not in context and mask(context) == context:  # nearly always
        return context
    return json.dumps(_masked_value(json.loads(context)), ensure_ascii=False)


def _masked_value(value: Any) -> Any:
    match value:
        case str():
            return mask(value)
        case list():
            return [_masked_value(item) for item in value]
        case dict():
            return {mask(key): _masked_value(item) for key, item in value.items()}
        case _:
            return value


def _ticket(row: RowMapping) -> Ticket:
    return Ticket(
        number=row["number"],
        kind=row["kind"],
        question=row["question"],
        asker=Asker(row["person"], row["chat"], row["in_group"], row["topic"]),
        message_id=row["message_id"],
        staff_chat=row["staff_chat"],
        staff_message_id=row["staff_message_id"],
        opened=row["opened_at"],
        closed=row["closed_at"],
    )
