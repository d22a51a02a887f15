"""What an edit does to people: which questions would get another answer than before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.assistant import Assistant
from bot.dialogue.model import NONE
from bot.model import Asker, Knowledge, RehearsalTurn, Reply
from bot.rehearsal.judge import as_read, did, expects, judge
from bot.rehearsal.tables import csv_text, drawn, markdown_table
from bot.store.log import AskedText

BROKEN, MENDED, OTHER = "RUSAK", "diperbaiki", "berubah"
CONTEXT = 3  # words shown around what differs in two texts
LONGEST = 90  # characters shown of what differs
ONLY_LINES = "(hanya susunan barisnya yang berubah)"
HEAD = ("Keadaan", "Pertanyaan", "Sebelum", "Sesudah", "Asal")
COLUMNS = ("keadaan", "pertanyaan", "sebelum", "sesudah", "asal", "alasan", "balasan_sebelum", "balasan_sesudah")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is asked of both versions."""

    text: str
    origin: str  # file and line of a test question, or how often people asked it
    pin: RehearsalTurn | None = None  # what its reply must be
    earlier_pin: RehearsalTurn | None = None  # what it had to be before the edit


@dataclass(frozen=True, slots=True)
class Flip:
    """A question whose reply changes."""

    asked: Asked
    before: Reply
    after: Reply

    @property
    def passed(self) -> bool:
        """Tells whether the test question passed before the edit, as it was then."""
        pin = self.asked.earlier_pin or self.asked.pin
        return pin is not None and not judge(pin, self.before)

    @property
    def reason(self) -> str:
        """Why the reply is no longer what its test question expects; "" where it is, never was, or may fail."""
        pin = self.asked.pin
        return judge(pin, self.after) if pin is not None and self.passed and not pin.known_failure else ""

    @property
    def state(self) -> str:
        """What the change means: broken, mended, or just another reply."""
        if self.reason:
            return BROKEN
        pin = self.asked.pin
        return MENDED if pin is not None and not self.passed and not judge(pin, self.after) else OTHER


@dataclass(frozen=True, slots=True)
class Impact:
    """All flips of an edit: those that break a test question first, then other replies, then other wordings."""

    against: str  # what the knowledge was compared with
    versions: tuple[str, str]  # before and after
    rehearsed: int  # test questions asked
    logged: int  # questions of people asked
    flips: tuple[Flip, ...]

    @property
    def broken(self) -> tuple[Flip, ...]:
        """Those that break a test question."""
        return tuple(flip for flip in self.flips if flip.reason)


# --- asking ---------------------------------------------------------------------------------------------------------


def conversations(before: Knowledge, after: Knowledge, logged: Iterable[AskedText]) -> tuple[tuple[Asked, ...], ...]:
    """Everything to be asked: the test questions of ``after``, those it no longer has, and what people asked.

    Nothing is expected of a test question that ``after`` no longer has: whoever deletes one means to.
    """
    earlier = {tuple(turn.question for turn in rehearsal.turns): rehearsal.turns for rehearsal in before.rehearsals}
    kept = []
    for rehearsal in after.rehearsals:
        was = earlier.pop(tuple(turn.question for turn in rehearsal.turns), (None,) * len(rehearsal.turns))
        kept.append(tuple(_of_turn(*turns) for turns in zip(rehearsal.turns, was, strict=True)))
    deleted = (
        tuple(Asked(turn.question, f"{turn.file}:{turn.line} (uji yang dihapus)") for turn in turns)
        for turns in earlier.values()
    )
    real = ((Asked(one.text, f"pertanyaan nyata, ditanya {one.times}×"),) for one in logged)
    return (*kept, *deleted, *real)


def _of_turn(turn: RehearsalTurn, was: RehearsalTurn | None) -> Asked:
    pin, earlier = (one if one and expects(one) else None for one in (turn, was))
    return Asked(turn.question, f"{turn.file}:{turn.line}", pin, earlier)


async def replies(assistant: Assistant, asked: Iterable[Sequence[Asked]], now: datetime) -> list[Reply]:
    """The reply to every question in order, each conversation by a person nobody knows; ``now`` has a zone.

    The assistant's store should be a new one in memory: the questions leave traces in its log.
    """
    told = []
    for number, conversation in enumerate(asked, 1):
        person = Asker(f"dampak-{number}", f"dampak-{number}")
        told += [await assistant.ask(person, question.text, now) for question in conversation]
    return told


# --- comparing ------------------------------------------------------------------------------------------------------


def flips(asked: Iterable[Asked], before: Iterable[Reply], after: Iterable[Reply]) -> tuple[Flip, ...]:
    """The questions whose replies differ, those first that matter most, else in the order asked.

    Replies differ where decision, entries, text or choices do. Scores and the buttons under an answer do not count.
    """
    pairs = zip(asked, before, after, strict=True)
    changed = [Flip(*one) for one in pairs if _content(one[1]) != _content(one[2])]
    return tuple(sorted(changed, key=_rank))


def _rank(flip: Flip) -> tuple[bool, bool]:
    return not flip.reason, did(flip.before) == did(flip.after)


def _content(reply: Reply) -> tuple[object, ...]:
    return reply.decision, reply.entries, _words(reply)


def _words(reply: Reply) -> str:
    """Everything a person may get to read of a reply, in a group too."""
    choices = " | ".join(choice.label for choice in reply.choices if choice.id.partition(":")[0] != NONE)
    parts = {"": as_read(reply), "Ringkas: ": reply.short, "Pilihan: ": choices}
    return "\n".join(f"{name}{text}" for name, text in parts.items() if text)


def shown(flip: Flip) -> tuple[str, str]:
    """Both replies in short: what they do, and where only their words differ, those words."""
    before, after = did(flip.before), did(flip.after)
    if before != after:
        return before, after
    old, new = excerpts(_words(flip.before), _words(flip.after))
    return f"{before}: {old}", f"{after}: {new}"


def excerpts(before: str, after: str) -> tuple[str, str]:
    """The part in which two texts differ, with some words around it.

    >>> excerpts("Evaluasi berlangsung dua kali setahun di daerah.", "Evaluasi berlangsung tiap tahun di daerah.")
    ('"Evaluasi berlangsung dua kali setahun di daerah."', '"Evaluasi berlangsung tiap tahun di daerah."')
    """
    one, other = before.split(), after.split()
    if one == other:
        return ONLY_LINES, ONLY_LINES
    start = _common(one, other)
    end = _common(one[start:][::-1], other[start:][::-1])
    return _part(one, start, end), _part(other, start, end)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _part(words: Sequence[str], start: int, end: int) -> str:
    first, last = max(0, start - CONTEXT), min(len(words), len(words) - end + CONTEXT)
    text = " ".join(words[first:last])
    cut = len(text) > LONGEST
    before, after = "…" if first else "", "…" if cut or last < len(words) else ""
    return f'"{before}{text[:LONGEST].rstrip() if cut else text}{after}"'


# --- telling --------------------------------------------------------------------------------------------------------


def summary(impact: Impact) -> str:
    """What was compared and what came of it."""
    before, after = impact.versions
    asked = f"{impact.rehearsed} pertanyaan uji dan {impact.logged} pertanyaan nyata ditanyakan pada keduanya."
    compared = f"Dibandingkan dengan {impact.against} (versi {before} → {after}). {asked}"
    if not impact.flips:
        return f"{compared}\nTidak ada balasan yang berubah."
    broken = len(impact.broken)
    harm = f"{broken} di antaranya merusak pertanyaan uji" if broken else "tidak ada pertanyaan uji yang rusak"
    return f"{compared}\n{len(impact.flips)} pertanyaan akan dibalas lain; {harm}."


def text(impact: Impact, width: int) -> str:
    """The report for a terminal of so many columns."""
    if not impact.flips:
        return summary(impact)
    reasons = [f"{flip.asked.origin}: {flip.asked.text}\n    {flip.reason}" for flip in impact.broken]
    told = ["Pertanyaan uji yang rusak:", *reasons, ""] if reasons else []
    return "\n".join([drawn(HEAD, map(_row, impact.flips), width), "", *told, summary(impact)])


def markdown(impact: Impact) -> str:
    """The report as a Markdown page."""
    broken = ((flip.asked.text, flip.reason, flip.asked.origin) for flip in impact.broken)
    parts = [
        "# Dampak penyuntingan",
        summary(impact).replace("\n", "\n\n"),
        "## Pertanyaan uji yang rusak",
        markdown_table(("Pertanyaan", "Yang terjadi", "Asal"), broken),
        "## Semua balasan yang berubah",
        markdown_table(HEAD, map(_row, impact.flips)),
    ]
    return "\n\n".join(parts) + "\n"


def _row(flip: Flip) -> tuple[str, ...]:
    return flip.state, flip.asked.text, *shown(flip), flip.asked.origin


def table(impact: Impact) -> str:
    """Every flip with both whole replies, as CSV with a heading."""
    return csv_text(
        COLUMNS, ((*_row(flip), flip.reason, _words(flip.before), _words(flip.after)) for flip in impact.flips)
    )
