"""What a knowledge file says against itself, or asks of the bot that it does not know: never right, whatever is meant.

As in ``references``, the trees are read and not the validated records, so that these are told beside other mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.curation.references import Files, utterances
from bot.curation.tree import mappings_in, records_of, scalar_at, scalars_at, text_at
from bot.curation.validate import closest
from bot.dialogue.decide import FOLLOW_UP, META_PATTERNS
from bot.dialogue.interpret import OWN_REGION
from bot.dialogue.query import TABLE_PATTERNS
from bot.model import Listing, Problem
from bot.yamlfile import Document, Mapping, shown

PATTERNS = (*TABLE_PATTERNS, *META_PATTERNS, FOLLOW_UP, *OWN_REGION)  # ids that the code acts on
SLOTS = ("daerah", "provinsi", "tahun", "nomor")  # what may stand in < > or { } in a phrasing

_SLOT = re.compile(r"[<{]([^<>{}]*)[>}]")
_ID_KEYS = ("tahun", "nomor")  # what tells variants of an answer apart


def contradictions(files: Files) -> Iterator[Problem]:
    """Every contradiction within a file, in the order of the files."""
    for document in files.faq:
        for entry in records_of(document):
            yield from _related_to_itself(document, entry)
            yield from _ends_before_checked(document, entry)
            yield from _same_variant_twice(document, entry)
    yield from _cohorts_that_do_not_exist(files.cohorts)
    yield from _unknown_patterns(files.patterns)
    yield from _unknown_slots(files)


def _related_to_itself(document: Document, entry: Mapping) -> Iterator[Problem]:
    own = text_at(entry, "id")
    for related in scalars_at(entry, "terkait"):
        if related.text == own:
            message = f'entri {shown(own)} menawarkan dirinya sendiri di "terkait". Hapus dari daftar itu'
            yield Problem(document.file, related.line, message)


def _ends_before_checked(document: Document, entry: Mapping) -> Iterator[Problem]:
    ends, checked = scalar_at(entry, "berlaku_sampai"), text_at(entry, "diperiksa")
    if ends and _is_day(ends.text) and _is_day(checked) and ends.text < checked:
        message = f'"berlaku_sampai" {ends.text} lebih awal daripada "diperiksa" {checked}. Perbaiki salah satunya'
        yield Problem(document.file, ends.line, message)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:  # the schema tells of it
        return False


def _same_variant_twice(document: Document, entry: Mapping) -> Iterator[Problem]:
    first: dict[tuple[str, str], int] = {}
    for variant in mappings_in(entry.get("varian")):
        for key in _ID_KEYS:
            value = scalar_at(variant, key)
            line = first.setdefault((key, value.text), value.line) if value else 0
            if value and line != value.line:
                message = f"varian {key} {shown(value.text)} sudah ada di baris {line}. Hapus salah satunya"
                yield Problem(document.file, value.line, message)


def _cohorts_that_do_not_exist(document: Document) -> Iterator[Problem]:
    for cohort in records_of(document):
        listing, size = scalar_at(cohort, "daftar"), text_at(cohort, "jumlah_resmi")
        members = len([*mappings_in(cohort.get("peserta"))])
        if listing and listing.text == Listing.NO_COHORT and (members or size.strip("0")):
            told = f"ada {members} peserta" if members else f"jumlah_resmi {size}"
            message = f"daftar berisi {shown(listing.text)}, tetapi {told}. Perbaiki salah satunya"
            yield Problem(document.file, listing.line, message)


def _unknown_patterns(document: Document) -> Iterator[Problem]:
    for pattern in records_of(document):
        named = scalar_at(pattern, "id")
        if named and named.text not in PATTERNS:
            meant = closest(named.text, PATTERNS)
            hint = f'Maksudnya "{meant}"?' if meant else f"Yang dikenal: {', '.join(PATTERNS)}"
            yield Problem(document.file, named.line, f"bot tidak mengenal pola {shown(named.text)}. {hint}")


def _unknown_slots(files: Files) -> Iterator[Problem]:
    known = ", ".join(f"<{slot}>" for slot in SLOTS)
    for document, _, phrasing in utterances(files):
        for slot in _SLOT.findall(phrasing.text):
            if slot not in SLOTS:
                message = f"memuat <{slot}>, yang tidak dikenal bot. Yang dikenal: {known}"
                yield Problem(document.file, phrasing.line, f"{shown(phrasing.text)} {message}")
