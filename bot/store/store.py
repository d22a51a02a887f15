"""What the bot remembers: conversations, regions, the question log and the tickets for staff.

Every public coroutine of Store is one transaction (several are, inside ``unit``), may be called by any number of tasks
at once, and raises OperatorError, naming the database and the remedy, where the database fails. Times come in as
arguments with a zone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.model import Asker, Decision
from bot.store import inbox, outbox
from bot.store.access import Access, inserted
from bot.store.chats import ChatStore
from bot.store.database import is_there, open_engine
from bot.store.inbox import InboxStore
from bot.store.ledger import LedgerStore
from bot.store.log import DISLIKED, LogStore
from bot.store.masking import mask
from bot.store.outbox import OutboxStore
from bot.store.tables import (
    chat_regions,
    chat_settings,
    conversations,
    group_answers,
    person_regions,
    questions,
    ticket_askers,
    ticket_messages,
    tickets,
)
from bot.store.tickets import TicketStore

RATINGS = (DISLIKED, 1)
MAIL_LIFE = timedelta(days=2)
"""How long it is known which message answered which question: people can edit theirs for 48 hours, and Telegram brings
an update again for at most 24."""
RETURN_WITHIN = timedelta(days=7)
"""How long the settings of a group that removed the bot are kept: for changing the privacy mode it has to be removed
and added again."""


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
    picked: bool = False  # a choice or a command: ``text`` is no question in words


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

_WITHOUT_ASKERS = delete(tickets).where(tickets.c.number.not_in(select(ticket_askers.c.ticket)))
_OF_NO_TICKET = tuple(
    delete(table).where(table.c.ticket.not_in(select(tickets.c.number))) for table in (ticket_askers, ticket_messages)
)


class Store(Access):
    """The database behind the assistant.

    Example::

        store = await Store.open("sqlite+aiosqlite:///data/bot.db")
        memory = await store.recall(asker, now, ttl=timedelta(minutes=30))
        question_id = await store.record(asker, now, question, lambda number: '{"entry": "syarat-seleksi"}')
        await store.close()
    """

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine)
        self.tickets = TicketStore(engine)
        self.chats = ChatStore(engine)
        self.log = LogStore(engine)
        self.inbox = InboxStore(engine)
        self.outbox = OutboxStore(engine)
        self.ledger = LedgerStore(engine)

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

    @staticmethod
    def exists(url: str) -> bool:
        """Tells whether there is a database at ``url`` to read from; nothing is created.

        A server counts as one, a database in memory does not. Raises OperatorError where the URL cannot be used.
        """
        return is_there(url)

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
            "picked": question.picked,
        }
        place = _place(asker)
        async with self._transaction() as connection:
            question_id = await inserted(connection, questions, row)
            await connection.execute(_FORGET_CONTEXT, place)
            kept = context(question_id)
            if kept is not None:
                key = {"person": asker.person, "chat": asker.chat, "topic": asker.topic}
                await connection.execute(
                    insert(conversations), {**key, "context": _masked_json(kept), "updated_at": now}
                )
        return question_id

    async def question(self, question_id: int, *, typed: bool = False) -> str | None:
        """The masked text of a logged question; None where it is gone, or only picked while ``typed`` ones count."""
        found = select(questions.c.text).where(questions.c.id == question_id)
        rows = await self._rows(found.where(questions.c.picked.is_(False)) if typed else found)
        return next((str(row["text"]) for row in rows), None)

    async def most_asked(self, since: datetime, most: int) -> tuple[str, ...]:
        """Ids of the entries that were told most often since then, at most ``most``; ties by id."""
        told = cast(questions.c.entries, Text)  # no database compares JSON, but every one its text
        often = select(told.label("told"), func.count().label("times")).group_by(told)
        counts: Counter[str] = Counter()
        answered = and_(questions.c.asked_at >= since, questions.c.kind == "faq", questions.c.decision == "answer")
        for row in await self._rows(often.where(answered)):
            counts.update(dict.fromkeys(json.loads(row["told"]), row["times"]))
        return tuple(sorted(counts, key=lambda entry: (-counts[entry], entry))[:most])

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

    async def reject(self, question_id: int, now: datetime, *, answered: bool = False) -> bool:
        """Keep that none of the choices of a question was meant. False where it is gone or offered no choices.

        ``answered`` takes an answer as well: that it was not meant is for whoever was answered to say.
        """
        rejectable = [Decision.CLARIFY, Decision.ANSWER] if answered else [Decision.CLARIFY]
        asked = and_(questions.c.id == question_id, questions.c.decision.in_(rejectable))
        return await self._change(update(questions).where(asked).values(rejected_at=now)) > 0

    async def purge(self, now: datetime, retention: timedelta) -> int:
        """Delete questions, conversations and closed tickets older than ``retention``; returns how many rows.

        Of messages nothing is kept longer than ``MAIL_LIFE``, and their words at most ``RAW_LIFE``.
        """
        limit = now - retention
        gone = select(chat_settings.c.chat).where(chat_settings.c.left_at < now - RETURN_WITHIN).scalar_subquery()
        rows = await self._erase(
            delete(questions).where(questions.c.asked_at < limit),
            delete(conversations).where(conversations.c.updated_at < limit),
            delete(group_answers).where(group_answers.c.answered_at < limit),
            delete(tickets).where(tickets.c.closed_at < limit),
            *_OF_NO_TICKET,
            *(delete(table).where(table.c.chat.in_(gone)) for table in (chat_regions, chat_settings)),
            *outbox.erasures(now, MAIL_LIFE),
            *inbox.erasures(now, MAIL_LIFE),
        )
        await (
            self._finalise()
        )  # messages that were answered lately stand in the journal in full, also where no row goes
        return rows

    async def forget(self, person: str) -> int:
        """Delete everything that is kept under the id of ``person``; returns how many rows."""
        return await self._erase(
            # A private chat has the id of its person.
            delete(conversations).where(or_(conversations.c.person == person, conversations.c.chat == person)),
            delete(person_regions).where(person_regions.c.person == person),
            delete(chat_regions).where(chat_regions.c.chat == person),
            delete(ticket_askers).where(or_(ticket_askers.c.person == person, ticket_askers.c.chat == person)),
            _WITHOUT_ASKERS,
            *_OF_NO_TICKET,
            *outbox.of_person(person),
        )


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
