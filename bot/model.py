"""The values that all rooms share: what the knowledge holds and what a reply is made of.

Everything here is frozen and free of effects. Texts are Bahasa Indonesia as staff wrote them; codes are those of
the Ministry of Home Affairs ("35" a province, "35.24" a kabupaten or kota).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum


class RegionType(StrEnum):
    """What kind of region a code names; the values are the words staff write."""

    PROVINCE = "provinsi"
    REGENCY = "kabupaten"
    CITY = "kota"


class Certainty(StrEnum):
    """How sure we are of one membership row."""

    CONFIRMED = "terkonfirmasi"
    DISPUTED = "diperdebatkan"
    UNCHECKED = "belum-diperiksa"  # for staff only: never answered, listed or counted


class Listing(StrEnum):
    """How complete a year's list of participants is; set by a person, never computed."""

    COMPLETE = "lengkap-diumumkan"
    PARTIAL = "sebagian"
    NO_COHORT = "tidak-ada-angkatan"


class EntryKind(StrEnum):
    """What an FAQ entry is, which decides how its answer counts and what is added to it."""

    FACT = "fakta"
    NO_DATA = "belum-ada-data"  # an honest "not known", told as a decline and followed by the offer of staff
    SMALL_TALK = "sapaan"  # greetings and thanks
    SERVICE = "layanan"  # about this bot itself, and complaints


class SourceKind(StrEnum):
    """Who stands behind a source."""

    MINISTRY = "kementerian"
    REGIONAL = "daerah"
    MEDIA = "media"
    DOCUMENT = "dokumen"


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a knowledge file, told to staff as ``file:line: apa yang salah, dan perbaikannya``.

    >>> str(Problem("knowledge/faq/seleksi.yaml", 12, 'kunci "jawabn" tidak dikenal. Maksudnya "jawaban"?'))
    'knowledge/faq/seleksi.yaml:12: kunci "jawabn" tidak dikenal. Maksudnya "jawaban"?'
    """

    file: str  # as a person would open it: relative, with forward slashes
    line: int  # 1-based; 0 where the file as a whole is meant
    message: str
    warning: bool = False  # a warning never stops the loading

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Rejection:
    """An edit of the knowledge that is not in service because of mistakes; the version before it still answers."""

    problems: tuple[Problem, ...]  # without warnings
    since: datetime  # UTC; later edits that are no better do not move it


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from; every source stands once in ``sumber.yaml``."""

    id: str
    title: str
    kind: SourceKind
    publisher: str = ""
    url: str = ""
    published: str = ""  # "2019-02-06", "2019-02" or "2019": as exactly as it is known


@dataclass(frozen=True, slots=True)
class Region:
    """A province, kabupaten or kota.

    >>> Region("35.24", RegionType.REGENCY, "Lamongan", "35").full_name
    'Kabupaten Lamongan'
    """

    code: str
    type: RegionType
    name: str  # without its type: "Lamongan"
    province: str  # two digits; a province names itself
    aliases: tuple[str, ...] = ()
    capital_aliases: tuple[str, ...] = ()  # recognised only in CAPITALS or after "kab"/"kota"
    common_word: bool = False  # in lower case, inside a sentence, it is often an ordinary word

    @property
    def full_name(self) -> str:
        """The name with its type, as official letters write it."""
        return f"{self.type.value.capitalize()} {self.name}"


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """A place people ask about that is no kabupaten or kota: a seat of government, an island, the new capital."""

    names: tuple[str, ...]
    meant: tuple[str, ...] = ()  # codes of the regions a person who says so usually means
    answer: str = ""  # what to say where no kabupaten or kota is meant


@dataclass(frozen=True, slots=True)
class Membership:
    """One region in one year's cohort."""

    region: str  # code; two digits for a Smart Province
    year: int
    certainty: Certainty
    sources: tuple[str, ...]
    note: str = ""  # for disputed rows: both sides in one sentence
    repeat: bool = False  # the region had already taken part in an earlier year
    phase: str = ""  # where it differs from the cohort's


@dataclass(frozen=True, slots=True)
class Signing:
    """When and where a cohort's memorandum was signed."""

    day: date
    place: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cohort:
    """One year of the programme."""

    year: int
    phase: str
    official_size: int  # kabupaten and kota, without provinces
    running_total: int  # distinct kabupaten and kota up to and including this year
    listing: Listing
    note: str = ""
    signing: Signing | None = None
    sources: tuple[str, ...] = ()
    members: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True)
class Applicant:
    """A region known to have applied, with an unknown result."""

    region: str
    year: int
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """The same answer for one year or one number (bimtek II, Buku 1)."""

    answer: str
    year: int | None = None
    number: int | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One question-and-answer unit of the FAQ."""

    id: str
    topic: str  # stem of its file
    title: str
    utterances: tuple[str, ...]
    answer: str
    checked: date
    kind: EntryKind = EntryKind.FACT
    sources: tuple[str, ...] = ()
    short: str = ""  # at most 300 characters, for groups and inline mode
    quote: str = ""  # legal text, shown folded
    valid_until: date | None = None
    owner: str = ""
    related: tuple[str, ...] = ()
    threshold: float | None = None  # own cut, 0-1
    suggestable: bool = True  # may stand among the choices of a clarifying question
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class OffTopic:
    """Examples of what this bot is not for, with a pointer to the right office where that is common knowledge."""

    id: str
    title: str
    examples: tuple[str, ...]
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Ways to ask one kind of region question; ``<daerah>``, ``<tahun>``, ``<provinsi>`` stand for what was found."""

    id: str
    utterances: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A shelf of the FAQ, as /topik shows it."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class RehearsalTurn:
    """A test question of ``uji/`` with what its reply must and must not be; what is empty is not asked of it."""

    question: str
    must: tuple[str, ...] = ()  # entry ids: one of them must be told (or offered, where asking back is accepted)
    contains: tuple[str, ...] = ()  # parts of the reply's text, compared without regard to case
    not_contains: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()  # those accepted
    options: tuple[str, ...] = ()  # labels that must all be offered
    style: str = ""  # how it is asked: resmi, obrolan, salah-ketik, inggris, panjang, tidak-langsung
    file: str = ""
    line: int = 0
    known_failure: str = ""  # why it is known to fail; "" where it must pass


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A test conversation of one person; a single question is one turn."""

    turns: tuple[RehearsalTurn, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that staff curate, checked and immutable.

    ``version`` is the hash of the files it was read from, without the test questions: no answer is taken from them.
    """

    version: str
    entries: Mapping[str, Entry]
    topics: tuple[Topic, ...]
    sources: Mapping[str, Source]
    regions: Mapping[str, Region]
    other_places: tuple[OtherPlace, ...]
    cohorts: Mapping[int, Cohort]
    applicants: tuple[Applicant, ...]
    off_topics: tuple[OffTopic, ...]
    patterns: tuple[Pattern, ...]
    terms: Mapping[str, str]  # as typed → standard word(s)
    messages: Mapping[str, str]  # every sentence of the bot that is no answer
    rehearsals: tuple[Rehearsal, ...] = ()  # test questions, in the order of their files

    @property
    def checked(self) -> date:
        """The day of the latest check of any entry: how fresh the knowledge is."""
        return max(entry.checked for entry in self.entries.values())


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where; in a private chat both are the same id."""

    person: str
    chat: str
    group: bool = False
    topic: str = ""  # forum topic inside the chat, "" where there is none


@dataclass(frozen=True, slots=True)
class TicketAsker:
    """Somebody who waits for the answer to a ticket."""

    id: int  # of the store
    asker: Asker
    message_id: int | None = None  # their message, which the answer replies to
    delivered: datetime | None = None  # UTC; None while they wait


@dataclass(frozen=True, slots=True)
class Ticket:
    """A question handed to staff, by one person or by several who asked the same; the store gives it its number."""

    number: int
    question: str  # masked
    askers: tuple[TicketAsker, ...]  # in the order they came
    kind: str = "petugas"  # or "data": a correction of the table
    additions: str = ""  # what askers told later, masked, a line each
    staff_chat: str | None = None  # where staff were told, and by which message first
    staff_message_id: int | None = None
    opened: datetime | None = None  # UTC
    closed: datetime | None = None  # UTC

    @property
    def open(self) -> bool:
        """Tells whether nobody has settled it yet."""
        return self.closed is None

    @property
    def waiting(self) -> tuple[TicketAsker, ...]:
        """Those whom no answer has reached yet."""
        return tuple(asker for asker in self.askers if asker.delivered is None)

    def of(self, asker: Asker) -> TicketAsker | None:
        """The part of this person, in this place; None where they wait for nothing."""
        return next((waiting for waiting in self.waiting if waiting.asker == asker), None)


class Zone(StrEnum):
    """The three times of day of Indonesia; none of them has a summer time."""

    WIB = "WIB"
    WITA = "WITA"
    WIT = "WIT"

    @property
    def offset(self) -> timedelta:
        """What is added to UTC.

        >>> str(Zone.WITA.offset)
        '8:00:00'
        """
        return timedelta(hours={Zone.WIB: 7, Zone.WITA: 8, Zone.WIT: 9}[self])


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of the day in which the bot keeps silent, local time; they may go over midnight.

    >>> Quiet(21, 6).covers(5), Quiet(21, 6).covers(6), Quiet(9, 12).covers(8)
    (True, False, False)
    """

    start: int  # full hour, 0-23
    end: int  # the first hour that is not quiet any more, 0-23

    def covers(self, hour: int) -> bool:
        """Tells whether an hour of the day is a quiet one."""
        if self.start <= self.end:
            return self.start <= hour < self.end
        return hour >= self.start or hour < self.end


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What the admins of a group have chosen; the defaults are those of a group that has chosen nothing."""

    topics: tuple[tuple[str, str], ...] | None = None  # (id, name) of those the bot speaks in; None: everywhere
    quiet: Quiet | None = None
    zone: Zone | None = None  # only asked for where the group has no region
    full: bool = False  # whole answers instead of the short version
    unasked: bool = False  # answers sure questions that nobody put to it


@dataclass(frozen=True, slots=True)
class GroupRules:
    """A group as its settings show it."""

    settings: ChatSettings = ChatSettings()
    region: Region | None = None
    zone: Zone | None = None  # of its region, else the one chosen; None where both are unknown

    def speaks_in(self, topic: str) -> bool:
        """Tells whether the bot may speak in a forum topic; "" is what is outside of topics."""
        return self.settings.topics is None or any(topic == allowed for allowed, _ in self.settings.topics)

    def rests_at(self, now: datetime) -> bool:
        """Tells whether it is a quiet hour; ``now`` has a time zone."""
        quiet = self.settings.quiet
        return quiet is not None and quiet.covers(self.local(now).hour)

    def local(self, moment: datetime) -> datetime:
        """The time in the group, that of the capital where its zone is unknown."""
        return moment.astimezone(timezone((self.zone or Zone.WIB).offset))

    def clock(self, moment: datetime) -> str:
        """The time of day in the group, as it is written: "16.05 WIB"."""
        return f"{self.local(moment):%H.%M} {self.clock_name}"

    @property
    def clock_name(self) -> str:
        """Whose time ``local`` tells."""
        return (self.zone or Zone.WIB).value


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer that was given in the same place a short while ago."""

    message_id: int
    at: datetime  # UTC


class Decision(StrEnum):
    """What a reply does; the values are the contract of ``ask --jsonl``."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the person can pick: a button in Telegram, a digit in the console."""

    id: str  # 1-64 bytes; it holds ids, no state
    label: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a reply."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person reads, without any medium: drawing it is the adapters' work.

    ``text`` is plain text as staff write it: paragraphs, lines starting "- ", ``*tebal*`` and bare addresses.
    ``choices`` answer a question the bot asks back, in order; ``actions`` are offers under an answer.
    """

    decision: Decision
    text: str
    choices: tuple[Choice, ...] = ()
    actions: tuple[Choice, ...] = ()
    entries: tuple[str, ...] = ()
    score: float = 0.0  # 0-1, of what was answered; 1 where no matching took part
    short: str = ""  # a version for groups, "" where the text is short enough
    quote: str = ""
    footer: str = ""  # source and date, shown after the text
    reference: str = ""  # title, date and address of the first source, to be copied into a letter; at most 256
    question_id: int = 0  # of the log, for feedback buttons; 0 before it is stored
    ratable: bool = False  # an answer, or an honest "don't know": the person may say whether it helped
    notice: bool = False  # says only that a button means nothing any more: shown on the button, not as a message
    ms: float = 0.0  # milliseconds that understanding and wording took, without the store
    list_id: str = ""  # of a long list: the query that makes it again, for drawing it page by page
    file: Attachment | None = None
    ticket: Ticket | None = None  # of which staff must be told
    for_staff: str = ""  # what they are told of it; the adapter brings it to them
    traceless: bool = False  # nothing of the turn is kept once it has been told


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a search: what it opens, its title, and the reply that would be given."""

    id: str  # a choice id, 1-64 bytes
    title: str
    reply: Reply
