"""What has come in: an update is kept from the moment it is received until it is answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Delete, Update, and_, bindparam, case, delete, exists, insert, literal, null, select, update

from bot.mail import Received, State
from bot.store.access import Access
from bot.store.tables import outgoing, updates

RAW_LIFE = timedelta(hours=24)
"""How long the words of a message that can't be answered are kept: as long as Telegram itself would keep them."""

_COLUMNS = ("update_id", "received_at", "asked_at", "chat", "message_id", "words", "raw", "state", "finished_at")
_NEW = select(*(bindparam(name, type_=updates.c[name].type) for name in _COLUMNS)).where(
    ~exists().where(updates.c.update_id == bindparam("update_id", type_=updates.c.update_id.type))
)
_RECEIVE = insert(updates).from_select(list(_COLUMNS), _NEW)
_SAYS_SOMETHING = exists().where(outgoing.c.update_id == updates.c.update_id)
_CONCLUDE = (
    update(updates)
    .where(updates.c.update_id == bindparam("of_update"), updates.c.state == State.WAITING)
    .values(
        raw=null(),
        state=case((_SAYS_SOMETHING, literal(State.HANDLED.value)), else_=literal(State.NOTHING.value)),
        finished_at=case((_SAYS_SOMETHING, null()), else_=bindparam("now", type_=updates.c.finished_at.type)),
        chat=case((_SAYS_SOMETHING, updates.c.chat), else_=literal("")),
        message_id=case((_SAYS_SOMETHING, updates.c.message_id), else_=null()),
        words=case((_SAYS_SOMETHING, updates.c.words), else_=literal("")),
    )
)


class InboxStore(Access):
    """The updates of one database.

    Example::

        new = await store.inbox.receive(Received(500001, '{"update_id": 500001, …}', "101", 77), now)
        async with store.unit():
            ...  # answer it
            await store.inbox.conclude(500001, now)
    """

    async def receive(self, received: Received, now: datetime) -> bool:
        """Keep an update; False where it is known already, since Telegram brings some of them twice."""
        final = received.state is State.NOTHING
        row = {
            "update_id": received.update_id,
            "received_at": now,
            "asked_at": received.asked_at,
            "chat": received.chat,
            "message_id": received.message_id,
            "words": received.words,
            "raw": None if final else received.raw,
            "state": received.state.value,
            "finished_at": now if final else None,
        }
        async with self._transaction() as connection:
            return (await connection.execute(_RECEIVE, row)).rowcount > 0

    async def waiting(self) -> tuple[str, ...]:
        """What has been received and not handled, as it came, oldest first."""
        left = and_(updates.c.state == State.WAITING, updates.c.raw.is_not(None))
        rows = await self._rows(select(updates.c.raw).where(left).order_by(updates.c.received_at, updates.c.update_id))
        return tuple(str(row["raw"]) for row in rows)

    async def conclude(self, update_id: int, now: datetime) -> None:
        """Note that an update is handled: it ends when what is said to it has arrived, at once where that is nothing.

        Its words are erased; of one that nothing is said to, also where it came from. One that has ended already stays
        as it is.
        """
        async with self._transaction() as connection:
            await connection.execute(_CONCLUDE, {"of_update": update_id, "now": now})

    async def rest(self, update_id: int, now: datetime) -> None:
        """Note that an update is one of a flood and gets no answer of its own."""
        mine = and_(updates.c.update_id == update_id, updates.c.state == State.WAITING)
        nobody = {"raw": None, "chat": "", "message_id": None, "words": ""}
        await self._change(update(updates).where(mine).values(state=State.RESTED.value, finished_at=now, **nobody))

    async def words(self, chat: str, message_id: int, before: int) -> str | None:
        """The digest of the words that a message had in the last update before; None where none is known."""
        same = and_(updates.c.chat == chat, updates.c.message_id == message_id, updates.c.update_id < before)
        rows = await self._rows(select(updates.c.words).where(same).order_by(updates.c.update_id.desc()).limit(1))
        return next((str(row["words"]) for row in rows), None)


def erasures(now: datetime, keep: timedelta) -> tuple[Delete | Update, ...]:
    """The statements that give up what nobody could answer in time, and drop what has ended ``keep`` ago."""
    stale = and_(updates.c.raw.is_not(None), updates.c.received_at < now - RAW_LIFE)
    return (
        update(updates).where(stale).values(raw=None, state=State.UNREACHABLE.value, finished_at=now),
        delete(updates).where(updates.c.finished_at < now - keep),
    )
