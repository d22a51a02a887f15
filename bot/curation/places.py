"""Where in the files stands what the knowledge holds: an entry and a phrasing have no line of their own."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Lookup
from dataclasses import dataclass
from typing import TypeAlias

from bot.curation.references import Files, utterances
from bot.curation.tree import mappings_in, records_of, scalar_at, text_at
from bot.dialogue.mind import OUTSIDE, PATTERN
from bot.yamlfile import Document, Mapping


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file, as problems name it; line 0 is the file as a whole."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


Places: TypeAlias = Lookup[tuple[str, str], Place]
"""What is named, and which part of it → where it stands. Labels of the matcher have their phrasings and titles as parts
("" for the item as a whole), ``COHORTS`` years and rows (``member``), ``MESSAGES`` keys.
"""

COHORTS, MESSAGES = ":angkatan", ":pesan"  # no label of the matcher begins with a colon


def places(files: Files) -> Places:
    """The places of everything that can be asked, of cohorts and of messages.

    Example: ``places(files)["syarat-seleksi", "syaratnya apa aja min"].line``
    """
    found: dict[tuple[str, str], Place] = {}
    for label, text, place in _located(files):
        found.setdefault((label, text.strip()), place)
    return found


def _located(files: Files) -> Iterator[tuple[str, str, Place]]:
    kinds = {files.patterns.file: PATTERN, files.off_topics.file: OUTSIDE}
    for document in (*files.faq, files.patterns, files.off_topics):
        for record in records_of(document):
            label = kinds.get(document.file, "") + text_at(record, "id")
            yield label, "", Place(document.file, record.line)
    for document, record, value in utterances(files):
        label = kinds.get(document.file, "") + text_at(record, "id")
        yield label, value.text, Place(document.file, value.line)
    for document in files.faq:
        for record in records_of(document):
            if title := scalar_at(record, "judul"):
                yield text_at(record, "id"), title.text, Place(document.file, title.line)
    yield from _cohorts(files.cohorts)
    for key, _ in files.messages.root.pairs if isinstance(files.messages.root, Mapping) else ():
        yield MESSAGES, key.text, Place(files.messages.file, key.line)


def member(year: int | str, region: str) -> str:
    """How ``Places`` names a region's row in a year."""
    return f"{year} {region}"


def _cohorts(document: Document) -> Iterator[tuple[str, str, Place]]:
    for cohort in records_of(document):
        year = text_at(cohort, "tahun")
        yield COHORTS, year, Place(document.file, cohort.line)
        for row in mappings_in(cohort.get("peserta")):
            yield COHORTS, member(year, text_at(row, "wilayah")), Place(document.file, row.line)
