"""What staff read of the question log: masked texts, and how often; nobody's id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from bot.model import Decision
from bot.store.access import Access
from bot.store.tables import questions, tickets

DISLIKED = -1  # the rating of an answer that did not help
REPORT = "report"  # kind of what people write while they report data


@dataclass(frozen=True, slots=True)
class AskedText:
    """A question as it was typed, masked, and how often."""

    text: str
    times: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question of the log that was declined, or whose answer did not help."""

    text: str  # masked
    picked: bool  # a choice: the text is its id
    decision: str
    entries: tuple[str, ...]  # told or offered
    rejected: bool  # none of the choices, or not the answer, was meant
    disliked: bool


class LogStore(Access):
    """The question log for those who improve the knowledge."""

    async def asked(self, since: datetime, most: int) -> tuple[AskedText, ...]:
        """The different questions typed since then, the most frequent first, at most ``most``; ties by alphabet.

        Capitals and outer spaces make no difference. Picked choices, commands and reported data are no questions.
        """
        same = func.lower(func.trim(questions.c.text))
        times = func.count().label("times")
        typed = and_(questions.c.asked_at >= since, questions.c.picked.is_(False), questions.c.kind != REPORT)
        query = select(func.min(questions.c.text).label("text"), times).where(typed).group_by(same)
        rows = await self._rows(query.order_by(times.desc(), same).limit(most))
        return tuple(AskedText(row["text"].strip(), row["times"]) for row in rows)

    async def unanswered(self, since: datetime) -> tuple[Unanswered, ...]:
        """What was declined since then, had no right choice, or led to an answer called not helpful or not meant.

        Oldest first.

        A choice or a command that is declined is none of these.
        """
        log = questions.c
        declined = and_(log.picked.is_(False), log.decision == Decision.DECLINE)
        chosen = and_(log.asked_at >= since, or_(declined, log.rejected_at.is_not(None), log.rating == DISLIKED))
        columns = (log.text, log.picked, log.decision, log.entries, log.rejected_at, log.rating)
        return tuple(
            Unanswered(
                row["text"],
                row["picked"],
                row["decision"],
                tuple(row["entries"]),
                rejected=row["rejected_at"] is not None,
                disliked=row["rating"] == DISLIKED,
            )
            for row in await self._rows(select(*columns).where(chosen).order_by(log.id))
        )

    async def data_reports(self, since: datetime) -> tuple[str, ...]:
        """The masked texts of what was reported on the region table since then, oldest first."""
        reported = and_(tickets.c.kind == "data", tickets.c.opened_at >= since)
        rows = await self._rows(select(tickets.c.question).where(reported).order_by(tickets.c.number))
        return tuple(str(row["question"]) for row in rows)
