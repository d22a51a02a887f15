"""Which words of a text are taken for a name."""

from __future__ import annotations

import pytest

from bot.model import Region, RegionType
from bot.regions.hits import Finder
from bot.regions.names import NameTable

REGIONS = {
    "32.04": Region("32.04", RegionType.REGENCY, "Bandung", "32"),
    "32.17": Region("32.17", RegionType.REGENCY, "Bandung Barat", "32"),
    "35.79": Region("35.79", RegionType.CITY, "Batu", "35", common_word=True),
    "63.02": Region("63.02", RegionType.REGENCY, "Kotabaru", "63"),
    "12.24": Region("12.24", RegionType.REGENCY, "Nias Utara", "12"),
    "12.25": Region("12.25", RegionType.REGENCY, "Nias Barat", "12"),
    "12.04": Region("12.04", RegionType.REGENCY, "Nias", "12"),
    "12.19": Region("12.19", RegionType.REGENCY, "Batu Bara", "12"),
}
FINDER = Finder(NameTable(REGIONS, ()), common_words=("bandeng", "bandnug"))

HITS = {
    "longest exact name": ("bandung barat", [("bandung barat", "bandungbarat", True)]),
    "comma ends a name": ("bandung, barat", [("bandung", "bandung", True)]),
    "mistyped around an exact name": ("bandung brat", [("bandung brat", "bandungbarat", False)]),
    "the exact name itself is no typo": ("bandung yx", [("bandung", "bandung", True)]),
    "part of another name, mistyped": ("nias bara", [("nias bara", "niasbarat", False)]),
    "marker is not part of a mistyped name": ("kota abtu", [("abtu", "batu", False)]),
    "ordinary word is not part of one": ("di bndung", [("bndung", "bandung", False)]),
    "common word": ("bandeng dan bandnug", []),
}


@pytest.mark.parametrize(("text", "expected"), HITS.values(), ids=HITS)
def test_hits(text: str, expected: list[tuple[str, str, bool]]) -> None:
    """The words, the name, and whether it is written rightly."""
    words = FINDER.read(text)
    found = [
        (" ".join(token.text for token in words.tokens[hit.first : hit.last]), hit.names[0].key, hit.exact)
        for hit in FINDER.hits(words)
    ]
    assert found == expected


GLUED = {
    "marker": ("kabbandung", ["kab", "bandung"]),
    "preposition": ("dibandung", ["di", "bandung"]),
    "preposition before a marker": ("dikota", ["di", "kota"]),
    "a name of its own": ("kotabaru", ["kotabaru"]),
    "preposition before an ordinary word": ("dibatu", ["dibatu"]),
    "no name left": ("kabar", ["kabar"]),
}


@pytest.mark.parametrize(("word", "parts"), GLUED.values(), ids=GLUED)
def test_glued_words(word: str, parts: list[str]) -> None:
    """A marker or preposition is taken off where a name is left."""
    assert [token.text for token in FINDER.read(word).tokens] == parts
