"""Dates, lists and source lines as officials read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.dialogue.mind import Mind
from bot.dialogue.wording import (
    LONGEST_REFERENCE,
    cite,
    enumerate_words,
    long_date,
    name_source,
    published,
    short_date,
)
from bot.model import Source, SourceKind


def source(title: str = "Peserta 2018", publisher: str = "", published: str = "") -> Source:
    return Source("s", title, SourceKind.MEDIA, publisher, published=published)


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2018, 5, 8), "8 Mei 2018", "8 Mei 2018"),
        (date(2026, 11, 21), "21 November 2026", "21 Nov 2026"),
        (date(2019, 8, 17), "17 Agustus 2019", "17 Agu 2019"),
        (date(2024, 12, 31), "31 Desember 2024", "31 Des 2024"),
        (date(2024, 1, 1), "1 Januari 2024", "1 Jan 2024"),
    ],
)
def test_dates_are_indonesian(day: date, long: str, short: str) -> None:
    assert (long_date(day), short_date(day)) == (long, short)


@pytest.mark.parametrize(
    ("given", "told"),
    [("2019-02-06", "6 Feb 2019"), ("2019-02", "Feb 2019"), ("2019", "2019"), ("", "")],
)
def test_a_source_is_dated_as_exactly_as_is_known(given: str, told: str) -> None:
    assert published(source(published=given)) == told


@pytest.mark.parametrize(
    ("about", "told"),
    [
        (source(), "Peserta 2018"),
        (source(publisher="Kompas"), "Peserta 2018, Kompas"),
        (source(publisher="Kompas", published="2018-05-08"), "Peserta 2018, Kompas (8 Mei 2018)"),
        (source("Berita Kompas", "kompas", "2018-05"), "Berita Kompas (Mei 2018)"),
        (source("Peserta 2018", published="2018"), "Peserta 2018"),
        (source("Peserta 2018", published="2019"), "Peserta 2018 (2019)"),
    ],
    ids=["title", "publisher", "date", "publisher in the title", "date in the title", "another year"],
)
def test_a_source_is_named_in_half_a_line(about: Source, told: str) -> None:
    assert name_source(about) == told


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A dan B"),
        (["A", "B", "C"], "A, B, dan C"),
        ([2017, 2018, 2019, 2024], "2017, 2018, 2019, dan 2024"),
    ],
)
def test_lists_read_like_a_sentence(items: list[object], told: str) -> None:
    assert enumerate_words(items) == told


LONG_ADDRESS = "https://contoh.go.id/" + "a" * 180
REFERENCES = [
    ("whole", Source("s", "Judul", SourceKind.MEDIA, "Penerbit", "https://a.id", "2019-02-06"),
     "Judul, Penerbit (6 Feb 2019). https://a.id (diperiksa 21 Nov 2026)"),
    ("no address", Source("s", "Judul", SourceKind.DOCUMENT, "", "", "2019"), "Judul (2019) (diperiksa 21 Nov 2026)"),
    ("no date", Source("s", "Judul", SourceKind.MEDIA, "", "https://a.id"),
     "Judul. https://a.id (diperiksa 21 Nov 2026)"),
    ("no room for a title", Source("s", "Judul", SourceKind.MEDIA, "", "https://a.id/" + "a" * 230), ""),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), [pytest.param(*row[1:], id=row[0]) for row in REFERENCES])
def test_reference(mind: Mind, source: Source, expected: str) -> None:
    """A source as a letter names it, as far as it is known."""
    known = replace(mind, knowledge=replace(mind.knowledge, sources={"s": source}))
    assert cite(["hilang", "s"], date(2026, 11, 21), known) == expected
    assert cite(["hilang"], date(2026, 11, 21), known) == ""


@pytest.mark.parametrize("title", ["Judul yang panjang sekali " * 20, "😀" * 300, "Penerbit " * 60])
def test_long_title(mind: Mind, title: str) -> None:
    """A long title gives way to the address, and the whole fills what a button can copy."""
    source = Source("s", title, SourceKind.MEDIA, "Penerbit", LONG_ADDRESS, "2019")
    known = replace(mind, knowledge=replace(mind.knowledge, sources={"s": source}))
    cited = cite(["s"], date(2026, 11, 21), known)
    assert LONG_ADDRESS in cited
    assert "…" in cited
    assert 200 < len(cited.encode("utf-16-le")) // 2 <= LONGEST_REFERENCE


def test_every_source_can_be_cited(mind: Mind) -> None:
    """No address of the knowledge is too long for a button."""
    day = date(2026, 11, 21)
    cited = {ident: cite([ident], day, mind) for ident in mind.knowledge.sources}
    assert [ident for ident, text in cited.items() if not text or mind.knowledge.sources[ident].url not in text] == []
