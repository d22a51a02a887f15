"""Who asks what, where and when: quiet people and floods, calm and busy groups, and people who block the bot.

Every question of a chat names another region, and so does its answer: that is how the two are brought together.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from fake_telegram import BOT, Group, Json, Person
from soak.faulty_telegram import FaultyTelegram

FIRST_PERSON, FIRST_GROUP = 20_000, -1_000_500_001
YEARS = (2017, 2018, 2019, 2021, 2022, 2023, 2024)

BUSY, CALM, FLOODS, BLOCKS = 0.13, 0.11, 0.11, 0.05
"""Shares of all questions: of groups with more than 20 a minute, of other groups, of floods, of those who block."""

BUSY_GROUPS, CALM_GROUPS, PEOPLE = 2, 8, 100
FLOODED = 1.4  # a flood, as a multiple of the questions that are answered within a minute
FLOOD_GAP = 0.3  # seconds between its questions
FLOODS_OF_ONE = 4  # in the whole run
QUESTIONS_OF_A_BLOCK = 3  # two that the answer to may not reach, one when the person is back
BLOCK_LASTS = 0.15  # share of the run
BETWEEN_TWO = 0.2  # seconds
MOST_HASTE = 0.15  # seconds from a question until the bot is blocked


class Act(Enum):
    """What somebody does."""

    ASK = auto()
    BLOCK = auto()
    RETURN = auto()


@dataclass(frozen=True, slots=True, order=True)
class Planned:
    """Something that will be done, ``at`` seconds after the beginning."""

    at: float
    person: int
    group: int = 0  # 0 for the private chat
    act: Act = field(default=Act.ASK, compare=False)


@dataclass(frozen=True, slots=True)
class Question:
    """Something that was asked; ``at`` in seconds of the monotonic clock, ``date`` as Telegram dates it."""

    number: int
    person: int
    chat: int
    place: str  # the region's full name, in no other question of this chat
    message_id: int
    update_id: int
    at: float
    date: int


@dataclass
class Crowd:
    """Everybody; ``places`` are the regions' full names."""

    fake: FaultyTelegram
    places: Sequence[str]
    rng: random.Random
    asked: list[Question] = field(default_factory=list)
    blocked: list[tuple[int, float, float]] = field(default_factory=list)  # person, from, until (infinite)

    def __post_init__(self) -> None:
        self._left: dict[int, Iterator[str]] = {}

    async def act(self, plan: Sequence[Planned]) -> None:
        """Does all that is planned, in time."""
        start = time.monotonic()
        for planned in plan:
            await asyncio.sleep(max(0.0, start + planned.at - time.monotonic()))
            person = Person(planned.person, "Penanya")
            match planned.act:
                case Act.ASK:
                    self.ask(person, Group(planned.group, "Grup") if planned.group else None)
                case Act.BLOCK:
                    self._block(person)
                case Act.RETURN:
                    self._come_back(person)

    def ask(self, person: Person, group: Group | None = None) -> None:
        """Somebody asks about a region that was not asked about in this chat."""
        chat = group.id if group else person.id
        if chat not in self._left:
            self._left[chat] = iter(self.rng.sample(self.places, len(self.places)))
        place = next(self._left[chat])
        text = f"apakah {place} masuk {self.rng.choice(YEARS)}"
        now = time.monotonic()
        message = self.fake.says(person, f"@{BOT['username']} {text}" if group else text, chat=group)
        number, message_id = len(self.asked), message["message_id"]
        question = Question(number, person.id, chat, place, message_id, self.fake.latest, now, message["date"])
        self.asked.append(question)

    def _block(self, person: Person) -> None:
        self.fake.blocked.add(person.id)
        self.blocked.append((person.id, time.monotonic(), float("inf")))
        self._tell(person, "member", "kicked")

    def _come_back(self, person: Person) -> None:
        self.fake.blocked.discard(person.id)
        latest = max(number for number, block in enumerate(self.blocked) if block[0] == person.id)
        self.blocked[latest] = (person.id, self.blocked[latest][1], time.monotonic())
        self._tell(person, "kicked", "member")

    def _tell(self, person: Person, before: str, after: str) -> None:
        def member(status: str) -> Json:
            return {"user": BOT, "status": status, **({"until_date": 0} if status == "kicked" else {})}

        change = {"chat": person.chat, "from": person.user, "date": int(self.fake.now())}
        change |= {"old_chat_member": member(before), "new_chat_member": member(after)}
        self.fake.pushes("my_chat_member", change)


def mixed(questions: int, seconds: float, flood: int, rng: random.Random) -> list[Planned]:
    """A plan of so many questions within so many seconds; ``flood`` are answered to one person within a minute."""
    people = itertools.count(FIRST_PERSON)
    plan: list[Planned] = []
    for share, groups, first in ((BUSY, BUSY_GROUPS, FIRST_GROUP), (CALM, CALM_GROUPS, FIRST_GROUP - BUSY_GROUPS)):
        members = list(itertools.islice(people, 5 * groups))
        for number in range(int(share * questions)):
            group = number % groups
            member = rng.choice(members[5 * group : 5 * group + 5])
            plan.append(Planned(rng.uniform(0, seconds), member, first - group))
    plan += _floods(max(1, round(FLOODS * questions / (FLOODED * flood))), int(FLOODED * flood), seconds, people)
    plan += _blocks(max(1, int(BLOCKS * questions / QUESTIONS_OF_A_BLOCK)), seconds, people, rng)
    others = list(itertools.islice(people, PEOPLE))
    asks = sum(planned.act is Act.ASK for planned in plan)
    plan += [Planned(rng.uniform(0, seconds), rng.choice(others)) for _ in range(questions - asks)]
    return sorted(plan)


def even(people: int, rate: float, seconds: float) -> list[Planned]:
    """A plan in which one after the other asks, ``rate`` questions a second."""
    return [Planned(number / rate, FIRST_PERSON + number % people) for number in range(int(rate * seconds))]


def _floods(floods: int, questions: int, seconds: float, people: Iterator[int]) -> Iterator[Planned]:
    persons = list(itertools.islice(people, -(-floods // FLOODS_OF_ONE)))
    for number in range(floods):
        start = seconds * number / floods
        for asked in range(questions):
            yield Planned(start + FLOOD_GAP * asked, persons[number % len(persons)])


def _blocks(blocks: int, seconds: float, people: Iterator[int], rng: random.Random) -> Iterator[Planned]:
    for person in itertools.islice(people, blocks):
        start = rng.uniform(0, seconds * (1 - 2 * BLOCK_LASTS))
        second = start + BETWEEN_TWO
        yield from (Planned(start, person), Planned(second, person))
        yield Planned(second + rng.uniform(0, MOST_HASTE), person, act=Act.BLOCK)
        back = second + seconds * BLOCK_LASTS
        yield from (Planned(back, person, act=Act.RETURN), Planned(back + BETWEEN_TWO, person))
