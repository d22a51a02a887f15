"""YAML for staff to paste: into which entry a question belongs, or the beginning of a new one.

What staff must write themselves says so; the source is one that ``sumber.yaml`` lacks, so that the check reminds of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from bot.curation.fields import MAX_LINE, MAX_TITLE
from bot.dialogue.following import ASKING
from bot.language.normalize import FILLERS, Terms, tokens
from bot.model import Entry

MOST_PHRASINGS = 20  # written into a block; more of the same help nobody
ID_WORDS = 4  # of the question, that a new entry's id is made of
LONGEST_ID = 36  # characters of them; an id has at most 40, and a number may follow
FILL_IN = "GANTI"
SOURCE = "ganti-dengan-id-sumber"

_BRACKETS = re.compile(r"[<>{}]")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What could be done, in a sentence, and the YAML for it."""

    advice: str
    block: str


def join(entry: Entry, texts: Sequence[str], advice: str) -> Proposal:
    """More phrasings for an entry."""
    head = f'# faq/{entry.topic}.yaml, entri {entry.id}, di bawah "pertanyaan:"'
    return Proposal(advice, "\n".join([head, *_phrasings(map(_plain, texts))]))


def complete(entry: Entry, today: date) -> Proposal:
    """An answer for an entry that is found but has none, or none that still holds."""
    advice = f"Lengkapi entri {entry.id}: pertanyaannya dikenali, tetapi jawabannya belum ada atau kedaluwarsa."
    head = f'# faq/{entry.topic}.yaml, entri {entry.id}: ganti baris-baris ini, hapus "jenis: belum-ada-data"'
    return Proposal(advice, "\n".join([head, *_answer(today)]))


def begin(texts: Sequence[str], advice: str, *, topic: str, ident: str, today: date) -> Proposal:
    """A new entry with its phrasings; ``topic`` is the stem of a file that it may belong into."""
    title = texts[0].rstrip(" ?!.")[:MAX_TITLE].rstrip()
    lines = [
        f"# faq/{topic}.yaml, atau berkas topik lain yang lebih cocok",
        f"- id: {ident}",
        f"  judul: {quoted(title[:1].upper() + title[1:])}",
        "  pertanyaan:",
        *_phrasings(map(_plain, texts)),
        *_answer(today),
    ]
    return Proposal(advice, "\n".join(lines))


def ask_table(pattern: str, texts: Sequence[str]) -> Proposal:
    """More phrasings for a kind of region question; ``texts`` have placeholders such as ``<daerah>``."""
    advice = (
        f"Ini pertanyaan tentang daerah: tambahkan ke pola {pattern}; bila datanya yang kurang, periksa angkatan.yaml."
    )
    return Proposal(
        advice, "\n".join([f'# tanya-wilayah.yaml, pola {pattern}, di bawah "pertanyaan:"', *_phrasings(texts)])
    )


def add_member(code: str, year: str, recorded: Collection[str]) -> Proposal:
    """A row of the region table; what is "" could not be read from the report, ``recorded`` are years known already."""
    advice = "Periksa buktinya, catat sumbernya di sumber.yaml, lalu tambahkan barisnya."
    if year in recorded:
        advice = f"Tahun {year} sudah tercatat untuk daerah ini; periksa apakah laporan ini menambah bukti."
    head = f'# angkatan.yaml, tahun {year or FILL_IN}, di bawah "peserta:"'
    row = f"    - {{wilayah: {quoted(code or FILL_IN)}, status: belum-diperiksa, sumber: [{SOURCE}]}}"
    return Proposal(advice, f"{head}\n{row}")


def _answer(today: date) -> list[str]:
    return [
        "  jawaban: |",
        f"    {FILL_IN} dengan jawaban resmi.",
        f"  sumber: [{SOURCE}]",
        f"  diperiksa: {today.isoformat()}",
    ]


def _phrasings(texts: Iterable[str]) -> Iterator[str]:
    return (f"    - {quoted(text[:MAX_LINE].strip())}" for text in islice(texts, MOST_PHRASINGS))


def _plain(text: str) -> str:
    """A text without the brackets that would make a placeholder of a word."""
    return " ".join(_BRACKETS.sub(" ", text).split())


def quoted(text: str) -> str:
    """A text on one line as a YAML scalar, whatever people typed: a JSON string is one.

    >>> quoted('biaya: "gratis" # ya?')
    '"biaya: \\\\"gratis\\\\" # ya?"'
    """
    return json.dumps(text, ensure_ascii=False)


def new_id(text: str, taken: Collection[str], terms: Terms) -> str:
    """An id made of the first words that say what a question is about; with a number where it is taken.

    >>> from bot.language.normalize import NO_TERMS
    >>> new_id("apakah ada beasiswa untuk asn ya?", {"beasiswa-untuk-asn"}, NO_TERMS)
    'beasiswa-untuk-asn-2'
    """
    said = (word for word in tokens(text, terms) if word not in FILLERS | ASKING and word.isalpha() and word[0] != "x")
    name = "-".join(islice(dict.fromkeys(said), ID_WORDS))[:LONGEST_ID].strip("-") or "entri-baru"
    ident, number = name, 1
    while ident in taken:
        number += 1
        ident = f"{name}-{number}"
    return ident
