"""Who asks faster than anybody reads: above a number of questions within a minute the bot rests. Pure."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from handlers.limits import Limits

MINUTE = timedelta(minutes=1)

MOST_PERSONS = 10_000
"""Who is remembered at once, the latest ones."""


class Verdict(Enum):
    """What a question of somebody gets."""

    ANSWER = auto()
    NOTICE = auto()  # one of a flood, and the one in a minute that is told so
    SILENCE = auto()


@dataclass(slots=True)
class _Person:
    answered: deque[datetime]
    noticed: datetime | None = None
    last: tuple[int, Verdict] | None = None  # of the last update


class Floods:
    """The pace of everybody, by the dates of their messages, so that a backlog is judged like a live conversation.

    >>> floods, at = Floods(most=1), datetime(2026, 11, 21)
    >>> [floods.judge("101", at, update_id).name for update_id in (1, 2, 3)]
    ['ANSWER', 'NOTICE', 'SILENCE']
    """

    def __init__(self, most: int = Limits().flood_questions) -> None:
        self._most = most
        self._persons: OrderedDict[str, _Person] = OrderedDict()

    def judge(self, person: str, at: datetime, update_id: int) -> Verdict:
        """Says what a question gets, asked ``at`` the date of its message; an update that comes again gets the same."""
        known = self._persons.setdefault(person, _Person(deque(maxlen=self._most)))
        self._persons.move_to_end(person)
        if len(self._persons) > MOST_PERSONS:
            self._persons.popitem(last=False)
        if known.last is None or known.last[0] != update_id:
            known.last = update_id, self._judge(known, at)
        return known.last[1]

    def _judge(self, person: _Person, at: datetime) -> Verdict:
        if len(person.answered) < self._most or at - person.answered[0] >= MINUTE:
            person.answered.append(at)
            return Verdict.ANSWER
        if person.noticed is not None and at - person.noticed < MINUTE:
            return Verdict.SILENCE
        person.noticed = at
        return Verdict.NOTICE
