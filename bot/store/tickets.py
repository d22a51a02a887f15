"""Questions handed to staff: who waits for which answer, and by which messages staff were told of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Literal

from sqlalchemy import ColumnElement, RowMapping, and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Asker, Ticket, TicketAsker
from bot.store.access import Access, inserted
from bot.store.masking import mask
from bot.store.tables import ticket_askers, ticket_messages, tickets

TicketKind = Literal["petugas", "data"]  # wants a person, or reports a mistake in our data

_told = ticket_messages.alias("told")
_FIRST_MESSAGE = select(func.min(_told.c.id)).where(_told.c.ticket == tickets.c.number).scalar_subquery()
_TICKETS = (
    select(
        tickets,
        ticket_messages.c.staff_chat,
        ticket_messages.c.message_id.label("staff_message_id"),
        ticket_askers.c.id.label("asker_id"),
        ticket_askers.c.person,
        ticket_askers.c.chat,
        ticket_askers.c.topic,
        ticket_askers.c.in_group,
        ticket_askers.c.message_id,
        ticket_askers.c.delivered_at,
    )
    .outerjoin(ticket_askers, ticket_askers.c.ticket == tickets.c.number)
    .outerjoin(ticket_messages, ticket_messages.c.id == _FIRST_MESSAGE)
    .order_by(tickets.c.number, ticket_askers.c.id)
)


class TicketStore(Access):
    """The tickets of one database.

    Example::

        ticket = await store.tickets.open(asker, now, "berapa kuota 2027?", message_id=77)
        await store.tickets.bind(ticket.number, "-1003", 5)  # staff were told by message 5
        found = await store.tickets.shown_in("-1003", 5)
    """

    async def open(
        self,
        asker: Asker,
        now: datetime,
        question: str,
        *,
        message_id: int | None = None,
        kind: TicketKind = "petugas",
    ) -> Ticket:
        """Hand a question to staff; its text is masked, and where it came from is kept until somebody has answered."""
        async with self._transaction() as connection:
            row = {"kind": kind, "question": mask(question), "additions": "", "opened_at": now}
            number = await inserted(connection, tickets, row)
            await _join(connection, number, asker, now, message_id)
            return await _one(connection, tickets.c.number == number)

    async def join(self, number: int, asker: Asker, now: datetime, message_id: int | None = None) -> Ticket | None:
        """Let somebody wait for the answer to an open ticket too; None where it is not open any more.

        Who waits for it already is not added a second time.
        """
        async with self._transaction() as connection:
            ticket = await _one_or_none(connection, _open(number))
            if ticket is None or ticket.of(asker) is not None:
                return ticket
            await _join(connection, number, asker, now, message_id)
            return await _one(connection, tickets.c.number == number)

    async def add(self, number: int, text: str) -> Ticket | None:
        """Add to an open ticket what an asker told later, masked; None where it is not open any more."""
        async with self._transaction() as connection:
            ticket = await _one_or_none(connection, _open(number))
            if ticket is None:
                return None
            additions = "\n".join(filter(None, (ticket.additions, mask(text))))
            await connection.execute(update(tickets).where(_open(number)).values(additions=additions))
            return await _one(connection, tickets.c.number == number)

    async def withdraw(self, number: int, asker: Asker, now: datetime) -> Ticket | None:
        """Let nobody wait for ``asker`` any more, and close the ticket where nobody else waits.

        None where the asker did not wait for it.
        """
        async with self._transaction() as connection:
            ticket = await _one_or_none(connection, _open(number))
            own = ticket.of(asker) if ticket is not None else None
            if own is None:
                return None
            await connection.execute(delete(ticket_askers).where(ticket_askers.c.id == own.id))
            left = await _one(connection, tickets.c.number == number)
            if left.waiting:
                return left
            await connection.execute(update(tickets).where(_open(number)).values(closed_at=now))
            return await _one(connection, tickets.c.number == number)

    async def leave(self, chat: str, now: datetime) -> tuple[Ticket, ...]:
        """Let nobody wait in a chat that can't be written to any more; returns the tickets that are closed by that."""
        here = select(ticket_askers.c.ticket).where(
            ticket_askers.c.chat == chat, ticket_askers.c.delivered_at.is_(None)
        )
        async with self._transaction() as connection:
            found = _TICKETS.where(tickets.c.number.in_(here), tickets.c.closed_at.is_(None))
            numbers = [ticket.number for ticket in _read((await connection.execute(found)).mappings().all())]
            await connection.execute(delete(ticket_askers).where(ticket_askers.c.chat == chat))
            left = _TICKETS.where(tickets.c.number.in_(numbers))
            alone = [t for t in _read((await connection.execute(left)).mappings().all()) if not t.waiting]
            closed = tickets.c.number.in_([ticket.number for ticket in alone])
            await connection.execute(update(tickets).where(closed).values(closed_at=now))
        return tuple(replace(ticket, closed=now) for ticket in alone)

    async def bind(self, number: int, staff_chat: str, message_id: int) -> None:
        """Note a message that told staff of a ticket, so that a reply to it finds the askers."""
        row = {"ticket": number, "staff_chat": staff_chat, "message_id": message_id}
        async with self._transaction() as connection:
            await connection.execute(insert(ticket_messages), row)

    async def shown_in(self, staff_chat: str, message_id: int) -> Ticket | None:
        """The ticket, open or closed, that a message in the staff chat told of; None where it is not one."""
        told = and_(ticket_messages.c.staff_chat == staff_chat, ticket_messages.c.message_id == message_id)
        numbers = select(ticket_messages.c.ticket).where(told)
        return next(_read(await self._rows(_TICKETS.where(tickets.c.number.in_(numbers)))), None)

    async def get(self, number: int) -> Ticket | None:
        """The ticket with a number, open or closed; None where it is gone."""
        return next(_read(await self._rows(_TICKETS.where(tickets.c.number == number))), None)

    async def delivered(self, waiting: TicketAsker, now: datetime) -> None:
        """Note that the answer is on its way to one asker, who gets no second one."""
        mine = and_(ticket_askers.c.id == waiting.id, ticket_askers.c.delivered_at.is_(None))
        await self._change(update(ticket_askers).where(mine).values(delivered_at=now))

    async def missed(self, asker: int) -> None:
        """Note that the answer did not reach an asker, who waits on; the ticket is open again."""
        theirs = select(ticket_askers.c.ticket).where(ticket_askers.c.id == asker).scalar_subquery()
        async with self._transaction() as connection:
            waits = update(ticket_askers).where(ticket_askers.c.id == asker).values(delivered_at=None)
            await connection.execute(waits)
            await connection.execute(update(tickets).where(tickets.c.number == theirs).values(closed_at=None))

    async def close(self, number: int, now: datetime) -> None:
        """Note that a ticket is settled; closing it again changes nothing."""
        await self._change(update(tickets).where(_open(number)).values(closed_at=now))

    async def unsettled(self) -> tuple[Ticket, ...]:
        """All tickets that nobody has settled, oldest first."""
        return tuple(_read(await self._rows(_TICKETS.where(tickets.c.closed_at.is_(None)))))


def _open(number: int) -> ColumnElement[bool]:
    return and_(tickets.c.number == number, tickets.c.closed_at.is_(None))


async def _join(connection: AsyncConnection, number: int, asker: Asker, now: datetime, message_id: int | None) -> None:
    row = {
        "ticket": number,
        "person": asker.person,
        "chat": asker.chat,
        "topic": asker.topic,
        "in_group": asker.group,
        "message_id": message_id,
        "joined_at": now,
    }
    await connection.execute(insert(ticket_askers), row)


async def _one_or_none(connection: AsyncConnection, which: ColumnElement[bool]) -> Ticket | None:
    result = await connection.execute(_TICKETS.where(which))
    return next(_read(result.mappings().all()), None)


async def _one(connection: AsyncConnection, which: ColumnElement[bool]) -> Ticket:
    ticket = await _one_or_none(connection, which)
    if ticket is None:
        raise LookupError("a ticket vanished inside its own transaction")
    return ticket


def _read(rows: Iterable[RowMapping]) -> Iterator[Ticket]:
    """One ticket from the rows of its askers, which stand together."""
    for _, group in groupby(rows, key=lambda row: row["number"]):
        members = list(group)
        row = members[0]
        yield Ticket(
            number=row["number"],
            question=row["question"],
            askers=tuple(_asker(member) for member in members if member["asker_id"] is not None),
            kind=row["kind"],
            additions=row["additions"],
            staff_chat=row["staff_chat"],
            staff_message_id=row["staff_message_id"],
            opened=row["opened_at"],
            closed=row["closed_at"],
        )


def _asker(row: RowMapping) -> TicketAsker:
    asker = Asker(row["person"], row["chat"], row["in_group"], row["topic"])
    return TicketAsker(row["asker_id"], asker, row["message_id"], row["delivered_at"])
