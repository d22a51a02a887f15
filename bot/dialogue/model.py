"""What one turn of a conversation is made of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from bot.model import Choice, OffTopic, OtherPlace, RegionType

ENTRY, TABLE, TOPIC, REGION, FORGET, REPORT, FILE = "e", "w", "t", "d", "D", "r", "f"
"""First letters of choice ids; what follows a colon are ids."""

ERASE, KEEP = "Z", "z"
"""Whether everything that is kept of a person shall be deleted; the assistant sees to the first."""

ADD, WITHDRAW = "a", "b"
"""What an asker can do with a ticket, whose number follows a colon; the assistant sees to both."""

NONE, STAFF = "x", "h"
"""Choices that lead back to the question they were offered for, whose id follows a colon."""

LONGEST_ID = 64  # bytes that a Telegram button can carry
LONGEST_LABEL = 60  # characters that a phone shows of a button


def choices(pairs: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    """Choices from (id, label), without those whose id does not fit a button."""
    return tuple(
        Choice(ident, label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…")
        for ident, label in pairs
        if len(ident.encode()) <= LONGEST_ID
    )


def about(choice: str, question_id: int) -> str:
    """A choice id completed by its question's id, where it needs one.

    >>> about("h", 7), about("e:syarat-seleksi", 7)
    ('h:7', 'e:syarat-seleksi')
    """
    return f"{choice}:{question_id}" if choice in {NONE, STAFF} else choice


class QueryKind(StrEnum):
    """What can be asked of the region and cohort table; the values travel in buttons."""

    MEMBERSHIP = "anggota"  # is it in, since when, how often
    LIST = "daftar"
    COUNT = "jumlah"
    RANKING = "peringkat"  # provinces with most
    WITHOUT = "tanpa"  # provinces with none
    SAME_YEAR = "seangkatan"  # who else took part with a region


@dataclass(frozen=True, slots=True)
class RegionQuery:
    """A question to the table: what is asked, and the filters; an empty filter means all.

    >>> RegionQuery(QueryKind.MEMBERSHIP, regions=("35.24",), years=(2018,)).encode()
    'anggota;35.24;;2018;'
    >>> RegionQuery.decode('anggota;35.24;;2018;') == RegionQuery(QueryKind.MEMBERSHIP, ("35.24",), years=(2018,))
    True
    """

    kind: QueryKind
    regions: tuple[str, ...] = ()  # codes of kabupaten, kota (or provinces, for Smart Province)
    provinces: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    type: RegionType | None = None
    mine: bool = False  # asked of "daerah saya": whose region must be filled in first

    def encode(self) -> str:
        """The query as ids only, for buttons and the context."""
        parts = [
            self.kind.value,
            ",".join(self.regions),
            ",".join(self.provinces),
            ",".join(map(str, self.years)),
            (self.type.value if self.type else "") + ("!" if self.mine else ""),
        ]
        return ";".join(parts)

    @classmethod
    def decode(cls, text: str) -> RegionQuery:
        """Reads what ``encode`` wrote; raises ValueError for anything else (a forged or old button)."""
        kind, regions, provinces, years, last = text.split(";")
        return cls(
            QueryKind(kind),
            tuple(filter(None, regions.split(","))),
            tuple(filter(None, provinces.split(","))),
            tuple(int(y) for y in years.split(",") if y),
            RegionType(last.rstrip("!")) if last.rstrip("!") else None,
            last.endswith("!"),
        )


@dataclass(frozen=True, slots=True)
class Context:
    """What the last turns leave behind for the next one: ids only, no text of the person."""

    query: str = ""  # last region question, encoded
    entry: str = ""  # last FAQ entry answered
    year: int = 0  # the variant of it
    number: int = 0
    choices: tuple[tuple[str, str], ...] = ()  # (choice id, label) the person was last asked to pick from
    runners_up: tuple[str, ...] = ()  # entries that came next, for "bukan itu maksud saya"
    pending: str = ""  # region question that waits for a region, encoded
    region: str = ""  # a region the person named as theirs in passing
    report: str = ""  # code of the region that the person is about to report data on
    ticket: int = 0  # number of the ticket that the person is about to add something to
    question: int = 0  # id of what was last answered or asked back, for "bukan itu"

    def about(self, question_id: int, *, asked: bool = True) -> Context:
        """The context with the id of its question in those choices that lead back to it (staff, "Bukan ini semua").

        ``asked`` tells whether it is a question of its own: only such a one is what "bukan itu" speaks of.
        """
        completed = tuple((about(ident, question_id), label) for ident, label in self.choices)
        return replace(self, choices=completed, question=question_id if asked else self.question)

    def to_json(self) -> str:
        """The context as the store keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | None) -> Context:
        """Reads a stored context; what an older version of the bot wrote and this one does not know is dropped."""
        if not text:
            return cls()
        raw = json.loads(text)
        known = {name: raw[name] for name in cls.__dataclass_fields__ if name in raw}
        for name in ("choices", "runners_up"):
            known[name] = tuple(tuple(x) if isinstance(x, list) else x for x in known.get(name, ()))
        return cls(**known)


class Meta(StrEnum):
    """Questions about the last answer."""

    SOURCE = "sumber"
    DETAIL = "rinci"
    NOT_THAT = "bukan-itu"
    TALLY = "hitung"  # how many were those
    NAMES = "sebutkan"  # who were those


@dataclass(frozen=True, slots=True)
class Scored:
    """An FAQ entry with its score and confidence (0-1 and 0-2)."""

    entry: str
    score: float


@dataclass(frozen=True, slots=True)
class AskTable:
    """A question for the region table, with every slot filled that could be."""

    query: RegionQuery


@dataclass(frozen=True, slots=True)
class AskWhichRegion:
    """A name fits several regions, or no region is known: the person must say which."""

    query: RegionQuery  # with the slot still open
    candidates: tuple[str, ...] = ()  # codes; empty: ask in free text
    name: str = ""  # what the person wrote
    place: bool = False  # an island or a town: no region has that name


@dataclass(frozen=True, slots=True)
class TellPlace:
    """A place that is no kabupaten or kota and has an answer of its own."""

    place: OtherPlace


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """An FAQ entry is the answer; year and number pick its variant."""

    entry: str
    score: float
    year: int = 0
    number: int = 0
    runners_up: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferEntries:
    """Several entries are close: the person picks."""

    options: tuple[Scored | AskTable, ...]
    year: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class AskAboutYear:
    """Only a year was said: what about it?"""

    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SetRegion:
    """The person says which region is theirs."""

    codes: tuple[str, ...]
    sure: bool  # "daerah saya X" is; "saya dari X" only offers to remember it
    then: RegionQuery | None = None  # the question that was waiting for it


@dataclass(frozen=True, slots=True)
class AskMeta:
    """A question about the last answer."""

    meta: Meta


@dataclass(frozen=True, slots=True)
class Decline:
    """The knowledge has no answer: out of topic (with a pointer perhaps), or not understood."""

    off_topic: OffTopic | None = None
    nonsense: bool = False
    score: float = 0.0


Outcome = (
    AskTable | AskWhichRegion | TellPlace | AnswerEntry | OfferEntries | AskAboutYear | SetRegion | AskMeta | Decline
)
