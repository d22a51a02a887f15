"""What goes out: every message is kept from the moment it is written until Telegram has taken it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Delete,
    RowMapping,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    literal,
    or_,
    select,
    update,
)

from bot.mail import Kind, Outgoing, Settled, Shown, State, Way
from bot.store.access import Access, inserted
from bot.store.inbox import RAW_LIFE
from bot.store.tables import outgoing, updates

UNFINISHED = (Way.WAITING.value, Way.SENDING.value, Way.MERGING.value)
POSTS = (Kind.MESSAGE.value, Kind.DOCUMENT.value)

_row = outgoing.c
_ERASED: dict[str, Any] = {"payload": {}, "then": {}, "otherwise": []}
_of_row = _row.id == bindparam("of_row")
_moment = _row.created_at.type
_FINISH = (
    update(outgoing)
    .where(_of_row)
    .values(
        state=bindparam("way"), message_id=bindparam("arrived"), finished_at=bindparam("now", type_=_moment), **_ERASED
    )
)
_AGAIN = (
    update(outgoing)
    .where(_of_row)
    .values(state=Way.WAITING.value, attempts=_row.attempts + 1, unknown=_row.unknown + bindparam("nobody_knows"))
)
_MARK = update(outgoing).where(_row.id.in_(bindparam("rows", expanding=True))).values(state=Way.SENDING.value)

# What becomes of an update when everything said to it is finished; what is said in other chats does not count.
_own = and_(_row.update_id == updates.c.update_id, _row.chat == updates.c.chat)
_FINAL = case(
    (exists().where(_own, _row.state == Way.SENT.value), literal(State.ANSWERED.value)),
    (exists().where(_own, _row.state == Way.MERGED.value), literal(State.MERGED.value)),
    (exists().where(_own), literal(State.UNREACHABLE.value)),
    else_=literal(State.NOTHING.value),
)
_touched = outgoing.alias("touched")
_rows_given: BindParameter[Any] = bindparam("rows", expanding=True)
_END = (
    update(updates)
    .where(
        updates.c.state == State.HANDLED.value,
        updates.c.update_id.in_(
            select(_touched.c.update_id).where(or_(_touched.c.id.in_(_rows_given), _touched.c.carrier.in_(_rows_given)))
        ),
        ~exists().where(_row.update_id == updates.c.update_id, _row.state.in_(UNFINISHED)),
    )
    .values(state=_FINAL, finished_at=bindparam("now", type_=_moment))
)


class OutboxStore(Access):
    """The outgoing messages of one database.

    Example::

        async with store.unit():
            await store.outbox.add(Outgoing("101", Kind.MESSAGE, {"html": "Halo"}, update_id=500001), now)
        (row,) = await store.outbox.waiting()
        await store.outbox.mark([row.id])
        await store.outbox.settle([Settled(row.id, Way.SENT, message_id=78)], now)
        await store.outbox.end([row.id], now)
    """

    added: Callable[[Outgoing], None] = staticmethod(lambda _: None)
    """Told of every message once it is kept."""

    async def add(self, row: Outgoing, now: datetime) -> Outgoing:
        """Keep a message to be sent; returns it with its id."""
        async with self._transaction() as connection:
            kept = replace(row, id=await inserted(connection, outgoing, _values(row, now)), written_at=now)
        self._once_kept(partial(self.added, kept))
        return kept

    # --- sending ---

    async def recover(self) -> int:
        """Take up again what was being sent when the bot ended: nobody knows whether it arrived; returns how many."""
        unknown = _row.unknown + case((_row.kind.in_(POSTS), 1), else_=0)
        lost = update(outgoing).where(_row.state == Way.SENDING.value)
        return await self._change(lost.values(state=Way.WAITING.value, unknown=unknown))

    async def waiting(self, chat: str | None = None) -> tuple[Outgoing, ...]:
        """What waits to be sent, in one chat or in all, oldest first."""
        left = _row.state == Way.WAITING.value
        here = left if chat is None else and_(left, _row.chat == chat)
        return tuple(map(_read, await self._rows(select(outgoing).where(here).order_by(_row.id))))

    async def mark(self, rows: Sequence[int]) -> None:
        """Note that messages are about to be sent."""
        async with self._transaction() as connection:
            await connection.execute(_MARK, {"rows": list(rows)})

    async def settle(self, settled: Sequence[Settled], now: datetime) -> None:
        """Note what has become of some sends; what is finished loses its words."""
        final = [
            {"of_row": one.id, "way": one.way.value, "arrived": one.message_id, "now": now}
            for one in settled
            if one.way is not Way.WAITING
        ]
        again = [{"of_row": one.id, "nobody_knows": int(one.unknown)} for one in settled if one.way is Way.WAITING]
        async with self._transaction() as connection:
            for statement, rows in ((_FINISH, final), (_AGAIN, again)):
                if rows:
                    await connection.execute(statement, rows)

    async def end(self, rows: Sequence[int], now: datetime) -> None:
        """End the updates of which everything is finished, now that these rows are."""
        async with self._transaction() as connection:
            await connection.execute(_END, {"rows": list(rows), "now": now})

    async def ways(self, update_id: int) -> dict[int, Way]:
        """How far everything is that answers an update, by the ids of the messages."""
        rows = await self._rows(select(_row.id, _row.state).where(_row.update_id == update_id))
        return {row["id"]: Way(row["state"]) for row in rows}

    async def posted(self, since: datetime) -> tuple[tuple[str, datetime], ...]:
        """Chats and times of the messages that have arrived since then, oldest first, and of those that may have."""
        arrived = and_(_row.state == Way.SENT.value, _row.kind.in_(POSTS), _row.finished_at >= since)
        query = select(_row.chat, _row.finished_at, _row.unknown).where(arrived).order_by(_row.finished_at)
        rows = await self._rows(query)
        return tuple((row["chat"], row["finished_at"]) for row in rows for _ in range(1 + row["unknown"]))

    # --- several in one ---

    async def merge(self, carrier: Outgoing, rows: Sequence[int], now: datetime) -> Outgoing:
        """Keep one message in the place of several that wait; returns it with its id."""
        async with self._transaction() as connection:
            kept = replace(carrier, id=await inserted(connection, outgoing, _values(carrier, now)), written_at=now)
            gone = update(outgoing).where(_row.id.in_(list(rows)))
            await connection.execute(gone.values(state=Way.MERGING.value, carrier=kept.id))
        return kept

    async def unpack(self, carrier: int, way: Way, now: datetime) -> None:
        """What went along with a message shares its fate; where that one was refused, they are sent after all."""
        members = and_(_row.carrier == carrier, _row.state == Way.MERGING.value)
        if way is Way.FAILED:
            rows = await self._rows(select(outgoing).where(members).order_by(_row.id))
            await self._change(
                update(outgoing).where(members).values(state=Way.WAITING.value, carrier=None, attempts=1)
            )
            for member in map(_read, rows):
                self._once_kept(partial(self.added, replace(member, attempts=1)))
            return
        fate = Way.MERGED if way is Way.SENT else way
        await self._change(update(outgoing).where(members).values(state=fate.value, finished_at=now, **_ERASED))

    # --- edits ---

    async def shown(self, chat: str, question: int) -> tuple[Shown, ...]:
        """The messages that answer a question, first to last, also those on their way."""
        here = and_(_row.chat == chat, _row.question == question, _row.kind == Kind.MESSAGE.value)
        there = and_(here, _row.state.in_((Way.WAITING.value, Way.SENDING.value, Way.SENT.value)))
        rows = await self._rows(select(_row.id, _row.digest).where(there).order_by(_row.id))
        return tuple(Shown(row["id"], row["digest"]) for row in rows)

    async def reshape(self, row: int, digest: str | None) -> None:
        """Note what a message will show from now on; None where it answers its question no longer."""
        values = {"question": None} if digest is None else {"digest": digest}
        await self._change(update(outgoing).where(_row.id == row).values(values))

    async def place(self, row: int) -> int | None:
        """The Telegram id of a message; None where it has not arrived."""
        rows = await self._rows(select(_row.message_id).where(_row.id == row))
        return next((found["message_id"] for found in rows), None)

    # --- chats ---

    async def move(self, old: str, new: str) -> None:
        """A chat has another id: what waits goes there, and quotes nothing, since its messages have other ids there."""
        mine = and_(_row.chat == old, _row.state.in_(UNFINISHED))
        await self._change(update(outgoing).where(mine).values(chat=new, reply_to=None, question=None))
        unanswered = updates.c.state.in_((State.WAITING.value, State.HANDLED.value))
        await self._change(update(updates).where(updates.c.chat == old, unanswered).values(chat=new))

    async def apologised(self, chat: str, since: datetime) -> bool:
        """Whether a chat has read an apology for late answers since then, or is about to."""
        mine = and_(_row.chat == chat, _row.late.is_(True), _row.created_at >= since)
        return bool(await self._rows(select(_row.id).where(mine).limit(1)))

    async def erase(self, update_id: int, now: datetime) -> None:
        """Leave of an update only that it was answered."""
        mine = updates.c.update_id == update_id
        nobody = {"chat": "", "message_id": None, "words": "", "state": State.ANSWERED.value, "finished_at": now}
        await self._erase(
            delete(outgoing).where(_row.update_id == update_id), update(updates).where(mine).values(nobody)
        )


def erasures(now: datetime, keep: timedelta) -> tuple[Delete | Update, ...]:
    """The statements that give up what could not be sent in time, and drop what was finished ``keep`` ago."""
    stale = and_(_row.state.in_(UNFINISHED), _row.created_at < now - RAW_LIFE)
    return (
        update(outgoing).where(stale).values(state=Way.FAILED.value, finished_at=now, **_ERASED),
        delete(outgoing).where(_row.finished_at < now - keep),
        update(updates)
        .where(updates.c.state == State.HANDLED.value, updates.c.received_at < now - RAW_LIFE)
        .where(~exists().where(_row.update_id == updates.c.update_id, _row.state.in_(UNFINISHED)))
        .values(state=_FINAL, finished_at=now),
    )


def of_person(person: str) -> tuple[Delete | Update, ...]:
    """The statements that delete what was said in somebody's private chat; what is on its way has to arrive first."""
    final = updates.c.state.not_in((State.WAITING.value, State.HANDLED.value))
    return (
        delete(outgoing).where(_row.chat == person, _row.state.not_in(UNFINISHED)),
        delete(updates).where(updates.c.chat == person, final),
    )


def unfinished() -> ColumnElement[bool]:
    """Whether a row still waits for something."""
    return _row.state.in_(UNFINISHED)


def _values(row: Outgoing, now: datetime) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _COPIED}
    return values | {
        "kind": row.kind.value,
        "state": Way.WAITING.value,
        "then": dict(row.then),
        "payload": dict(row.payload),
        "otherwise": [asdict(other) for other in row.otherwise],
        "created_at": now,
    }


_COPIED = ("chat", "topic", "reply_to", "question", "target", "update_id", "digest", "late", "attempts", "unknown")


def _read(row: RowMapping) -> Outgoing:
    values = {name: row[name] for name in (*_COPIED, "id", "kind", "payload", "then", "otherwise")}
    return _outgoing(values | {"written_at": row["created_at"]})


def _outgoing(values: dict[str, Any]) -> Outgoing:
    """Reads what ``asdict`` made, from JSON as well."""
    others = tuple(_outgoing(other) for other in values["otherwise"])
    return Outgoing(**(values | {"kind": Kind(values["kind"]), "otherwise": others}))
