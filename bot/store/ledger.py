"""The books: how many questions ended in which state, what waits, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.mail import State, Way
from bot.store.access import Access
from bot.store.outbox import unfinished
from bot.store.tables import outgoing, updates


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits at a moment, and what has become of everything since the rows that are kept."""

    unanswered: int  # received and not handled
    oldest_unanswered: datetime | None  # when the oldest of them came
    unsent: int  # messages that Telegram has not taken
    oldest_unsent: datetime | None  # when the oldest of them was written
    states: dict[State, int]  # updates by state
    ways: dict[Way, int]  # messages by state
    repeats: int  # sends that nobody knows of, each of which may have led to a repeat


class LedgerStore(Access):
    """The books of one database.

    Example: ``(await store.ledger.overview()).unsent``
    """

    async def overview(self) -> Overview:
        """What waits, and how everything has ended."""
        counted = select(updates.c.state, func.count().label("number"), func.min(updates.c.received_at).label("oldest"))
        came = {row["state"]: row for row in await self._rows(counted.group_by(updates.c.state))}
        sent = select(outgoing.c.state, func.count().label("number"), func.sum(outgoing.c.unknown).label("unknown"))
        went = await self._rows(sent.group_by(outgoing.c.state))
        (left,) = await self._rows(
            select(func.count().label("number"), func.min(outgoing.c.created_at).label("oldest")).where(unfinished())
        )
        unanswered = came.get(State.WAITING)
        return Overview(
            unanswered=unanswered["number"] if unanswered else 0,
            oldest_unanswered=unanswered["oldest"] if unanswered else None,
            unsent=left["number"],
            oldest_unsent=left["oldest"],
            states={State(state): row["number"] for state, row in came.items()},
            ways={Way(row["state"]): row["number"] for row in went},
            repeats=sum(row["unknown"] or 0 for row in went),
        )

    async def quiet(self) -> bool:
        """Whether nothing waits: every update is handled, and every message has gone."""
        seen = await self.overview()
        return not seen.unanswered and not seen.unsent
