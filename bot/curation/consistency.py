"""Figures and sentences of sound knowledge that hardly can be meant as they stand: warnings for a person to judge."""

from __future__ import annotations

from collections.abc import Iterator

from bot.curation.places import COHORTS, MESSAGES, Place, Places, member
from bot.dialogue.following import ASKING
from bot.language.normalize import FILLERS, Terms, tokens
from bot.messages import MESSAGES as PLACEHOLDERS
from bot.model import Certainty, Cohort, EntryKind, Knowledge, Listing, Problem

SHORT = 4  # words; a longer phrasing names something
TOLD = frozenset({Certainty.CONFIRMED, Certainty.DISPUTED})  # rows that people read


def inconsistencies(knowledge: Knowledge, places: Places) -> tuple[Problem, ...]:
    """Every doubtful figure and sentence, by file and line."""
    found = [
        *((place, message) for place, message in _cohorts(knowledge, places)),
        *((place, message) for place, message in _messages(knowledge, places)),
        *((place, message) for place, message in _empty_phrasings(knowledge, places)),
    ]
    return tuple(Problem(place.file, place.line, message, warning=True) for place, message in sorted(found))


def _cohorts(knowledge: Knowledge, places: Places) -> Iterator[tuple[Place, str]]:
    in_order = [knowledge.cohorts[year] for year in sorted(knowledge.cohorts)]
    for number, cohort in enumerate(in_order):
        earlier = in_order[:number]
        place = places.get((COHORTS, str(cohort.year)), Place("knowledge"))
        for message in (*_sizes(cohort), *_totals(cohort, earlier[-1:]), *_signing(cohort)):
            yield place, f"angkatan {cohort.year}: {message}"
        for code, message in _repetitions(cohort, earlier, knowledge):
            yield places.get((COHORTS, member(cohort.year, code)), place), message


def _sizes(cohort: Cohort) -> Iterator[str]:
    told = sum(row.certainty in TOLD and "." in row.region for row in cohort.members)
    if cohort.listing is Listing.COMPLETE and told < cohort.official_size:
        yield (
            f'daftar "{Listing.COMPLETE}", tetapi baru {told} dari {cohort.official_size} daerah ditulis, sehingga bot '
            'mengatakan yang lain tidak tercantum. Lengkapi "peserta", atau tulis daftar: sebagian'
        )


def _totals(cohort: Cohort, before: list[Cohort]) -> Iterator[str]:
    for earlier in before:
        least, most = earlier.running_total, earlier.running_total + cohort.official_size
        if not least <= cohort.running_total <= most:
            yield (
                f"jumlah_total {cohort.running_total} tidak cocok dengan {earlier.year} ({least}) dan jumlah_resmi "
                f"{cohort.official_size}: seharusnya {least} sampai {most}. Periksa ketiganya"
            )


def _signing(cohort: Cohort) -> Iterator[str]:
    if cohort.signing and cohort.signing.day.year != cohort.year:
        yield f"penandatanganan {cohort.signing.day} bukan pada tahun itu. Periksa tanggalnya"


def _repetitions(cohort: Cohort, earlier: list[Cohort], knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for row in cohort.members:
        before = [(c.year, m.certainty) for c in earlier for m in c.members if m.region == row.region]
        name = knowledge.regions[row.region].full_name
        sure = [year for year, certainty in before if certainty is Certainty.CONFIRMED]
        if row.repeat and not before:
            yield row.region, f'{name} ditandai "pengulangan: ya", tetapi tidak ada di tahun sebelumnya. Periksa'
        elif sure and not row.repeat and row.certainty is Certainty.CONFIRMED:
            message = (
                f'{name} sudah terkonfirmasi pada {sure[0]}. Tambahkan "pengulangan: ya", atau perbaiki salah satu'
            )
            yield row.region, message


def _empty_phrasings(knowledge: Knowledge, places: Places) -> Iterator[tuple[Place, str]]:
    """Phrasings of facts that name nothing: they would draw every short message."""
    terms = Terms.compile(knowledge.terms)
    for entry in knowledge.entries.values():
        if entry.kind in {EntryKind.FACT, EntryKind.NO_DATA}:
            for text in entry.utterances:
                if len(text.split()) <= SHORT and not set(tokens(text, terms)) - FILLERS - ASKING:
                    place = places.get((entry.id, text), Place("knowledge"))
                    yield place, f'pertanyaan "{text}" tidak menyebut hal apa pun. Tambahkan kata yang ditanyakan'


def _messages(knowledge: Knowledge, places: Places) -> Iterator[tuple[Place, str]]:
    for key, allowed in PLACEHOLDERS.items():
        dropped = [f"{{{name}}}" for name in sorted(allowed) if f"{{{name}}}" not in knowledge.messages[key]]
        if dropped:
            place = places.get((MESSAGES, key), Place("knowledge"))
            yield place, f'"{key}" tidak memuat {", ".join(dropped)}, sehingga pembaca tidak melihatnya. Tambahkan'
