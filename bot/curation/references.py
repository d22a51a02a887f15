"""What the knowledge files say about each other: ids that must exist, and must not exist twice.

The checks read the trees, not the validated records, so that they also run in files that have other mistakes: staff
see everything at once. A check is left out only where the file it refers to cannot be read at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Lookup
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import TypeAlias

from bot.curation.fields import ID_PATTERN, REGION_PATTERN
from bot.curation.tree import mappings_in, records_of, scalar_at, scalars_at, text_at
from bot.curation.validate import closest
from bot.model import Certainty, Problem, RegionType
from bot.yamlfile import Document, Mapping, Scalar, Sequence, shown

FIRST_CITY_NUMBER = 71  # in the ministry's codes a kota is xx.71 and up; it holds for all 514 of 2022-2025

_PUNCTUATION = re.compile(r"[^\w<>]+")  # < and > keep <daerah> apart from the word

_REGION_LISTS = ("provinsi", "daerah")

Located: TypeAlias = tuple[Document, Scalar]


@dataclass(frozen=True, slots=True)
class Files:
    """All knowledge files, as read."""

    faq: tuple[Document, ...]
    topics: Document
    sources: Document
    regions: Document
    cohorts: Document
    applicants: Document
    terms: Document
    patterns: Document
    off_topics: Document
    messages: Document
    rehearsals: tuple[Document, ...] = ()

    def answering(self) -> tuple[Document, ...]:
        """The files that answers are taken from, once each, in a fixed order."""
        named = (self.topics, self.sources, self.regions, self.cohorts, self.applicants)
        return (*self.faq, *named, self.terms, self.patterns, self.off_topics, self.messages)

    def all(self) -> tuple[Document, ...]:
        """Every file once, in a fixed order."""
        return (*self.answering(), *self.rehearsals)


def check(files: Files, today: date | None = None) -> list[Problem]:
    """Every contradiction between the files; ``today`` bounds the dates of checks, None leaves them open."""
    return [
        *_check_ids(files),
        *_check_topics(files),
        *_check_sources(files),
        *_check_related(files),
        *_check_regions(files),
        *_check_region_references(files),
        *_check_cohorts(files),
        *_check_terms(files),
        *_check_utterances(files),
        *_check_rehearsals(files),
        *(_check_days(files, today) if today else ()),
    ]


def _located(document: Document, key: str, part: str = "") -> list[Located]:
    return [(document, value) for record in records_of(document, part) for value in scalars_at(record, key)]


def _known(located: Iterable[Located]) -> dict[str, str]:
    return {value.text: "" for _, value in located}


def _repeated(located: Iterable[Located], what: str) -> Iterator[Problem]:
    first: dict[str, Located] = {}
    for document, value in located:
        if value.text in first:
            earlier, at = first[value.text]
            message = f"{what} {shown(value.text)} sudah dipakai di {earlier.file}:{at.line}. Ganti salah satunya"
            yield Problem(document.file, value.line, message)
        else:
            first[value.text] = document, value


def _unknown(
    uses: Iterable[Located], known: Lookup[str, str], pattern: str, what: str, where: str
) -> Iterator[Problem]:
    """A problem for every well-formed use of something that does not exist; the schema tells of the others.

    ``known`` maps what exists to a name that helps to recognise it, "" where it speaks for itself.
    """
    for document, value in uses:
        if value.text in known or not re.fullmatch(pattern, value.text):
            continue
        meant = closest(value.text, known)
        name = f" ({known[meant]})" if known.get(meant) else ""
        hint = f'Maksudnya "{meant}"{name}?' if meant else "Perbaiki, atau tambahkan di sana"
        yield Problem(document.file, value.line, f"{what} {shown(value.text)} tidak ada di {where}. {hint}")


def _check_ids(files: Files) -> Iterator[Problem]:
    entries = [located for document in files.faq for located in _located(document, "id")]
    yield from _repeated([*entries, *_located(files.off_topics, "id")], "id")
    yield from _repeated(_located(files.topics, "id"), "id topik")
    yield from _repeated(_located(files.sources, "id"), "id sumber")
    yield from _repeated(_located(files.patterns, "id"), "id pola")


def _check_topics(files: Files) -> Iterator[Problem]:
    if not isinstance(files.topics.root, Sequence):
        return
    topics = _located(files.topics, "id")
    stems = {PurePosixPath(document.file).stem: document for document in files.faq}
    yield from _unknown(topics, dict.fromkeys(stems, ""), ID_PATTERN, "berkas topik", "folder faq/")
    known = _known(topics)
    for stem, document in stems.items():
        if isinstance(document.root, Sequence) and not document.root.items:
            yield Problem(document.file, 0, "berkas ini belum berisi entri. Tulis satu entri, atau hapus berkasnya")
        if not re.fullmatch(ID_PATTERN, stem):
            yield Problem(document.file, 0, 'nama berkas hanya boleh huruf kecil, angka dan tanda "-". Ganti namanya')
        elif stem not in known:
            message = f'topik {shown(stem)} belum ada di topik.yaml. Tambahkan: - {{id: {stem}, judul: "…"}}'
            yield Problem(document.file, 0, message)


def _check_sources(files: Files) -> Iterator[Problem]:
    if not isinstance(files.sources.root, Sequence):
        return
    uses: list[Located] = []
    for document in (*files.faq, files.cohorts, files.applicants):
        for record in records_of(document):
            signing = record.get("penandatanganan")
            parts = [record, *mappings_in(record.get("varian")), *mappings_in(record.get("peserta"))]
            parts += [signing] if isinstance(signing, Mapping) else []
            uses += [(document, value) for part in parts for value in scalars_at(part, "sumber")]
    yield from _unknown(uses, _known(_located(files.sources, "id")), ID_PATTERN, "sumber", "sumber.yaml")


def _check_related(files: Files) -> Iterator[Problem]:
    uses = [located for document in files.faq for located in _located(document, "terkait")]
    yield from _unknown_entries(files, uses)


def _unknown_entries(files: Files, uses: Iterable[Located]) -> Iterator[Problem]:
    if any(document.root is None for document in files.faq):
        return
    known = _known(located for document in files.faq for located in _located(document, "id"))
    yield from _unknown(uses, known, ID_PATTERN, "entri", "folder faq/")


def _check_regions(files: Files) -> Iterator[Problem]:
    provinces = _located(files.regions, "kode", "provinsi")
    yield from _repeated([*provinces, *_located(files.regions, "kode", "daerah")], "kode wilayah")
    known = _known(provinces)
    for record in records_of(files.regions, "daerah"):
        code, province, kind = scalar_at(record, "kode"), scalar_at(record, "provinsi"), scalar_at(record, "jenis")
        if not code or not re.fullmatch(REGION_PATTERN, code.text):
            continue
        if province and province.text != code.text[:2]:
            message = f'"provinsi" tidak cocok dengan kode {shown(code.text)}. Tulis provinsi: "{code.text[:2]}"'
            yield Problem(files.regions.file, province.line, message)
        elif province and province.text not in known:
            message = f'provinsi {shown(province.text)} tidak ada di daftar "provinsi" di atas. Tambahkan di sana'
            yield Problem(files.regions.file, province.line, message)
        expected = RegionType.CITY if int(code.text[3:] or 0) >= FIRST_CITY_NUMBER else RegionType.REGENCY
        if kind and kind.text != expected:
            message = f'kode {shown(code.text)} lazimnya kode {expected}, tetapi "jenis" berisi {shown(kind.text)}'
            yield Problem(files.regions.file, kind.line, f"{message}. Periksa keduanya", warning=True)


def _check_region_references(files: Files) -> Iterator[Problem]:
    root = files.regions.root
    if not isinstance(root, Mapping) or not all(isinstance(root.get(key), Sequence) for key in _REGION_LISTS):
        return
    records = (record for part in _REGION_LISTS for record in records_of(files.regions, part))
    known = {text_at(record, "kode"): text_at(record, "nama") for record in records}
    members = (row for cohort in records_of(files.cohorts) for row in mappings_in(cohort.get("peserta")))
    uses = [(files.cohorts, value) for row in members for value in scalars_at(row, "wilayah")]
    uses += _located(files.applicants, "wilayah")
    uses += [(files.regions, value) for row in records_of(files.regions, "bukan_daerah") for value in _meant(row)]
    yield from _unknown(uses, known, REGION_PATTERN, "kode wilayah", "wilayah.yaml")


def _meant(place: Mapping) -> Iterator[Scalar]:
    yield from scalars_at(place, "maksud", "maksud_daerah")


def _check_cohorts(files: Files) -> Iterator[Problem]:
    yield from _repeated(_located(files.cohorts, "tahun"), "tahun")
    for cohort in records_of(files.cohorts):
        members = list(mappings_in(cohort.get("peserta")))
        codes = [(files.cohorts, code) for row in members for code in scalars_at(row, "wilayah")]
        yield from _repeated(codes, "wilayah")
        size = scalar_at(cohort, "jumlah_resmi")
        sure = [text_at(row, "wilayah") for row in members if text_at(row, "status") == Certainty.CONFIRMED]
        count = sum("." in code for code in sure)  # the official size leaves out provinces
        if size and size.text.isdecimal() and count > int(size.text):
            message = f"ada {count} peserta terkonfirmasi, lebih dari jumlah_resmi {size.text}. Periksa keduanya"
            yield Problem(files.cohorts.file, size.line, message, warning=True)


def _check_terms(files: Files) -> Iterator[Problem]:
    first: dict[str, tuple[str, int]] = {}
    for record in records_of(files.terms):
        standard = text_at(record, "baku").strip().lower()
        for typed in scalars_at(record, "ditulis"):
            earlier, line = first.setdefault(typed.text.strip().lower(), (standard, typed.line))
            if earlier != standard:
                message = f"tulisan {shown(typed.text)} sudah berarti {shown(earlier)} di baris {line}"
                yield Problem(files.terms.file, typed.line, f"{message}. Hapus salah satunya")


def _check_utterances(files: Files) -> Iterator[Problem]:
    """Two entries asked with the same words can never be told apart; within one entry it is only superfluous."""
    first: dict[str, tuple[str, Scalar, Mapping]] = {}
    for document, record, value in utterances(files):
        words = _words(value.text)
        file, earlier, owner = first.setdefault(words, (document.file, value, record))
        if earlier is not value:
            place = f"{file}:{earlier.line} (id {shown(text_at(owner, 'id'))})"
            message = f"{shown(value.text)} sama dengan {place}. Hapus salah satunya"
            yield Problem(document.file, value.line, message, warning=owner is record)


def _words(text: str) -> str:
    """A phrasing without case and punctuation: what counts when two are compared."""
    return _PUNCTUATION.sub(" ", text.casefold()).strip()


def utterances(files: Files) -> Iterator[tuple[Document, Mapping, Scalar]]:
    """Every phrasing of entries, patterns and off-topic groups, with its file and the item it belongs to."""
    for document in (*files.faq, files.patterns, files.off_topics):
        for record in records_of(document):
            for value in scalars_at(record, "pertanyaan", "contoh"):
                yield document, record, value


def _check_rehearsals(files: Files) -> Iterator[Problem]:
    """Test questions name entries that exist, and ask in other words than these: else they prove nothing."""
    asked = {_words(value.text): text_at(record, "id") for _, record, value in utterances(files)}
    uses: list[Located] = []
    for document, turn in _rehearsal_turns(files):
        expected = [*scalars_at(turn, "harus")]
        uses += [(document, value) for value in expected]
        question = scalar_at(turn, "tanya")
        entry = asked.get(_words(question.text)) if question else None
        if question and entry in {value.text for value in expected}:
            message = f"{shown(question.text)} terlalu mirip: sama dengan pertanyaan di entri {shown(entry)}"
            yield Problem(document.file, question.line, f"{message}. Tulis dengan kata-kata lain", warning=True)
    yield from _unknown_entries(files, uses)


def _rehearsal_turns(files: Files) -> Iterator[tuple[Document, Mapping]]:
    for document in files.rehearsals:
        for record in records_of(document):
            for turn in [record, *mappings_in(record.get("dialog"))]:
                yield document, turn


def _check_days(files: Files, today: date) -> Iterator[Problem]:
    for document in files.faq:
        for _, value in _located(document, "diperiksa"):
            if (day := _day(value.text)) and day > today:
                message = f'"diperiksa" {day} belum tiba (hari ini {today}). Tulis tanggal jawaban ini diperiksa'
                yield Problem(document.file, value.line, message)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:  # the schema tells of it
        return None
