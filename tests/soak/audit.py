"""The audit: what the fake Telegram has delivered and what the bot's books say, question by question.

A question has at most as many answers more than one as there were deliveries that the bot could not know of: an answer
of Telegram that was late, broken or lost, or an end of the process between the delivery and its note in the books.
"""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from soak.bot_process import DATABASE, Ending
from soak.crowd import Question
from soak.faulty_telegram import Call

FINAL = ("answered", "merged", "rested", "unreachable")
SHOWN = 5  # examples of each kind of finding
MINUTE = 60.0
NOTED_WITHIN = 5.0
"""Seconds from Telegram's answer until it is in the books, at most: who is killed later may not plead ignorance."""

UNFINISHED = """
    SELECT (SELECT count(*) FROM updates WHERE state IN ('waiting', 'handled'))
         + (SELECT count(*) FROM outgoing WHERE state IN ('waiting', 'sending', 'merging'))
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the bot was told to keep to."""

    flood: int  # questions of one person within a minute that are answered
    group_per_minute: int
    notice: str  # how the notice to a flood begins


@dataclass(frozen=True, slots=True)
class Books:
    """What the database says at the end."""

    states: dict[int, str]  # of every update, by its id
    unfinished: int  # updates and messages that are not at their end
    unknown: int  # sends of which the bot says that nobody knows whether they arrived


@dataclass
class Audit:
    """Brings questions, calls and books together; ``findings`` are the faults of the bot, empty where it has none."""

    questions: Sequence[Question]
    record: Sequence[Call]
    blocked: Sequence[tuple[int, float, float]]  # person, from, until
    endings: Sequence[Ending]
    books: Books
    rules: Rules
    findings: list[str] = field(default_factory=list)
    repeats: int = 0
    unknown: int = 0  # deliveries that the bot could not know of
    notices: int = 0
    tries_in_vain: int = 0  # of questions that were asked before somebody blocked the bot, and handled afterwards

    def __post_init__(self) -> None:
        self._of_place = {(question.chat, question.place): question for question in self.questions}
        places = sorted({question.place for question in self.questions}, key=len, reverse=True)
        self._places = re.compile("|".join(map(re.escape, places)) or "$^")
        self._delivered: dict[int, list[Call]] = defaultdict(list)
        self._told: dict[int, list[Call]] = defaultdict(list)  # the notices, by chat
        self._attribute()
        for rule in (
            self._one_state,
            self._answers,
            self._repeats,
            self._order,
            self._silence_when_blocked,
            self._group_limit,
            self._waits,
            self._floods,
        ):
            found = list(rule())
            self.findings += found[:SHOWN]
            if len(found) > SHOWN:
                self.findings.append(f"… and {len(found) - SHOWN} more: {rule.__name__.strip('_')}")

    def states(self) -> Counter[str]:
        """How the questions have ended."""
        return Counter(self._state(question) for question in self.questions)

    # --- whose answer it is ---

    def _attribute(self) -> None:
        """Finds out what each message answers: in several at once each answer has its question above it, in bold."""
        for call in self.record:
            if call.message_id is None:
                continue
            if call.text.startswith(self.rules.notice):
                self._told[call.chat].append(call)
                self.notices += 1
                continue
            named = [match[0] for words in call.bold or (call.text,) if (match := self._places.search(words))]
            answered = [self._of_place.get((call.chat, place)) for place in named]
            if not answered or None in answered or len(named) < len(call.bold):
                self.findings.append(f"chat {call.chat} was told what nobody asked there: {call.text[:60]!r}")
            for question in answered:
                if question is not None:
                    self._delivered[question.update_id].append(call)

    def _state(self, question: Question) -> str:
        return self.books.states.get(question.update_id, "in no book")

    def _seen(self, question: Question, call: Call) -> bool:
        """Whether the bot could know that a message has arrived."""
        if call.answered_at is None:
            return False
        until = call.answered_at + NOTED_WITHIN
        return not any(
            call.at <= ending.gone and ending.at <= until and question.update_id in ending.in_flight
            for ending in self.endings
        )

    # --- the rules ---

    def _one_state(self) -> Iterator[str]:
        if self.books.unfinished:
            yield f"{self.books.unfinished} updates or messages are not finished"
        for question in self.questions:
            if self._state(question) not in FINAL:
                yield f"{_named(question)} is {self._state(question)}"

    def _answers(self) -> Iterator[str]:
        """What the books say is what has happened."""
        blocks = defaultdict(list)
        for call in self.record:
            if call.forbidden:
                blocks[call.chat].append(call.at)
        for question in self.questions:
            state, answers = self._state(question), self._delivered[question.update_id]
            if state in {"answered", "merged"} and not answers:
                yield f"{_named(question)} is {state}, and nothing was delivered"
            elif state == "answered" and any(call.bold for call in answers):
                yield f"{_named(question)} is answered, but was answered together with others"
            elif state == "merged" and not any(call.bold for call in answers):
                yield f"{_named(question)} is merged, but was answered alone"
            elif state == "rested" and answers:
                yield f"{_named(question)} is rested, and was answered"
            elif state == "unreachable" and not any(at >= question.at for at in blocks[question.chat]):
                yield f"{_named(question)} is unreachable, and nobody has blocked the bot"

    def _repeats(self) -> Iterator[str]:
        for question in self.questions:
            answers = self._delivered[question.update_id]
            unknown = sum(not self._seen(question, call) for call in answers)
            repeats = max(0, len(answers) - 1)
            self.repeats += repeats
            self.unknown += unknown
            if repeats > unknown:
                yield f"{_named(question)} was answered {repeats} times too often, after {unknown} unknown sends"
            for again in answers[1:]:
                if again.text != answers[0].text:
                    yield f"{_named(question)} was answered again in other words"
                if not again.bold and again.reply_to != question.message_id:
                    yield f"{_named(question)} was answered again without a quotation"
        if self.repeats > self.books.unknown:
            yield f"{self.repeats} repeats, but the books know of {self.books.unknown} unknown sends"

    def _order(self) -> Iterator[str]:
        latest: dict[int, tuple[tuple[int, int], Question]] = {}
        for question in self.questions:
            answers = self._delivered[question.update_id]
            if not answers:
                continue
            first = answers[0]
            where = first.message_id or 0, first.text.find(question.place)
            before, earlier = latest.get(question.chat, ((0, 0), question))
            if where < before:
                yield f"{_named(question)} was answered before the earlier question {earlier.number}"
            else:
                latest[question.chat] = where, question

    def _silence_when_blocked(self) -> Iterator[str]:
        """After a refusal that the bot has read, the same is not tried again until the person is back."""
        tries = defaultdict(list)
        for call in self.record:
            tries[call.chat].append(call)
        for person, since, until in self.blocked:
            refused: list[Call] = []
            for call in tries[person]:
                if not since <= call.at < until:
                    continue
                known = [before for before in refused if not self._forgotten(before, call)]
                if any(before.text == call.text for before in known):
                    yield f"chat {person} was written the same again after it had blocked the bot"
                elif known:
                    self.tries_in_vain += 1
                if call.forbidden and call.answered_at is not None:
                    refused.append(call)

    def _forgotten(self, known: Call, later: Call) -> bool:
        """Whether the process has ended between two calls, before it could note what came of the first."""
        noted = (known.answered_at or known.at) + NOTED_WITHIN
        return any(known.at <= ending.gone <= later.at and ending.at <= noted for ending in self.endings)

    def _group_limit(self) -> Iterator[str]:
        """What was delivered and lost sight of by an end of the process can't be counted by the bot."""
        for chat in {question.chat for question in self.questions if question.chat < 0}:
            times = [
                call.at
                for call in self.record
                if call.chat == chat and call.message_id is not None and not self._cut_off(call)
            ]
            most = self.rules.group_per_minute
            for number in range(len(times) - most):
                span = times[number + most] - times[number]
                if span < MINUTE:
                    yield f"group {chat} got {most + 1} messages in {span:.2f} s"

    def _cut_off(self, call: Call) -> bool:
        noted = (call.answered_at or call.at) + NOTED_WITHIN
        return any(call.at <= ending.gone and ending.at <= noted for ending in self.endings)

    def _waits(self) -> Iterator[str]:
        """Who is asked to wait waits, unless the process has ended since."""
        latest: dict[int, Call] = {}
        for call in self.record:
            before = latest.get(call.chat)
            if before is not None and before.answered_at is not None:
                early = before.answered_at + before.wait - call.at
                restarted = any(before.at <= ending.gone <= call.at for ending in self.endings)
                if before.wait and early > 0 and not restarted:
                    yield f"chat {call.chat} was written to {early:.2f} s before Telegram allowed it"
            latest[call.chat] = call

    def _floods(self) -> Iterator[str]:
        """Above so many questions within a minute a person's others rest, and a notice tells of it."""
        asked: dict[int, list[Question]] = defaultdict(list)
        for question in self.questions:
            asked[question.person].append(question)
        for person, questions in asked.items():
            rested = [question for question in questions if self._state(question) == "rested"]
            answered = [question.date for question in questions if self._state(question) != "rested"]
            for question in rested:
                minute = [date for date in answered if question.date - MINUTE < date <= question.date]
                if len(minute) < self.rules.flood:
                    yield f"{_named(question)} is rested, after {len(minute)} others in a minute"
            if rested and not self._told[rested[0].chat]:
                yield f"person {person} was let rest, and not told"
            for number in range(len(answered) - self.rules.flood):
                first, last = answered[number], answered[number + self.rules.flood]
                if last - first < MINUTE and not self._restarted(questions, first, last):
                    yield f"person {person} was answered more than {self.rules.flood} times in a minute"

    def _restarted(self, questions: Iterable[Question], first: int, last: int) -> bool:
        """Whether a process has ended in the meantime: with it ends its memory of who floods."""
        times = [question.at for question in questions if first <= question.date <= last]
        return any(min(times) <= ending.gone <= max(times) + MINUTE for ending in self.endings)


def books_of(folder: Path) -> Books:
    """Reads the books of a bot that has ended, or that still runs."""
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        states = dict(database.execute("SELECT update_id, state FROM updates").fetchall())
        (left,) = database.execute(UNFINISHED).fetchone()
        (unknown,) = database.execute("SELECT coalesce(sum(unknown), 0) FROM outgoing").fetchone()
    return Books(states, left, unknown)


def most_within(times: Sequence[float], span: float) -> int:
    """The most moments in any ``span`` seconds.

    >>> most_within([0.0, 0.5, 1.0, 1.2], 1.0)
    3
    """
    return max((bisect_left(times, at + span) - number for number, at in enumerate(times)), default=0)


def _named(question: Question) -> str:
    return f"question {question.number} (chat {question.chat})"
