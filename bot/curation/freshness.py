"""Which answers are due: those that have run out, and those that nobody has checked for a year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.curation.places import Place, Places
from bot.dialogue.wording import short_date
from bot.model import Entry, EntryKind, Knowledge, Problem

YEARS_UNCHECKED = 1  # after which an answer must be checked again, as the ministry's own rules are yearly


@dataclass(frozen=True, slots=True)
class Due:
    """An entry that must be looked after."""

    owner: str  # who checks it, "" where nobody is named
    problem: Problem


def due(knowledge: Knowledge, places: Places, today: date) -> tuple[Due, ...]:
    """The entries that are due on a day, by owner, then file and line; those without an owner come last."""
    found = [Due(entry.owner, _problem(entry, told, places)) for entry, told in _told(knowledge, today)]
    return tuple(sorted(found, key=lambda due: (not due.owner, due.owner, due.problem.file, due.problem.line)))


def _told(knowledge: Knowledge, today: date) -> Iterator[tuple[Entry, str]]:
    for entry in knowledge.entries.values():
        if entry.valid_until is not None and today > entry.valid_until:
            yield (
                entry,
                f"berlaku sampai {short_date(entry.valid_until)}: bot kini mengatakan jawabannya sedang diperbarui. "
                'Perbarui jawabannya, lalu ubah "berlaku_sampai" dan "diperiksa"',
            )
        elif entry.kind is not EntryKind.SMALL_TALK and _unchecked(entry.checked, today):
            yield (
                entry,
                f"terakhir diperiksa {short_date(entry.checked)}, lebih dari 12 bulan lalu. Periksa jawabannya, "
                f"lalu tulis diperiksa: {today.isoformat()}",
            )


def _unchecked(checked: date, today: date) -> bool:
    """Whether a year has gone by; compared part by part, as 29 February comes only every fourth."""
    return (today.year, today.month, today.day) > (checked.year + YEARS_UNCHECKED, checked.month, checked.day)


def _problem(entry: Entry, told: str, places: Places) -> Problem:
    place = places.get((entry.id, ""), Place("knowledge"))
    return Problem(place.file, place.line, f'entri "{entry.id}" {told}', warning=True)
