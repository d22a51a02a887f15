"""The spellings of places, and the nearest to a mistyped one."""

from __future__ import annotations

import pytest

from bot.model import OtherPlace, Region, RegionType
from bot.regions.names import Name, NameTable

TABLE = NameTable(
    {
        "12": Region("12", RegionType.PROVINCE, "Sumatera Utara", "12", ("Sumut",)),
        "13": Region("13", RegionType.PROVINCE, "Sumatera Barat", "13", ("Sumbar",)),
        "51": Region("51", RegionType.PROVINCE, "Bali", "51"),
        "52": Region("52", RegionType.PROVINCE, "Nusa Tenggara Barat", "52"),
        "16.01": Region("16.01", RegionType.REGENCY, "Ogan Komering Ulu", "16", (), ("OKU",)),
        "32.04": Region("32.04", RegionType.REGENCY, "Bandung", "32"),
        "32.73": Region("32.73", RegionType.CITY, "Bandung", "32"),
        "33.18": Region("33.18", RegionType.REGENCY, "Pati", "33", common_word=True),
        "35.24": Region("35.24", RegionType.REGENCY, "Lamongan", "35"),
        "51.03": Region("51.03", RegionType.REGENCY, "Badung", "51"),
        "63.07": Region("63.07", RegionType.REGENCY, "Hulu Sungai Tengah", "63"),
        "73.24": Region("73.24", RegionType.REGENCY, "Luwu Timur", "73"),
    },
    (OtherPlace(("Malili",), ("73.24",)), OtherPlace(("Bandung",), answer="never seen")),
)


def test_namesakes_share_a_spelling() -> None:
    """One spelling, all codes."""
    assert TABLE.exact["bandung"].codes == ("32.04", "32.73")


def test_region_outweighs_another_place_of_its_name() -> None:
    """An entry of bukan_daerah can't hide a region."""
    assert TABLE.exact["bandung"].place is None


def test_alias_for_capitals_is_kept_apart() -> None:
    """Such an alias alone brings no code that counts in lower case."""
    assert (TABLE.exact["oku"].codes, TABLE.exact["oku"].capital_codes) == ((), ("16.01",))


def test_only_the_name_itself_is_an_ordinary_word() -> None:
    """kata_umum speaks of the name."""
    assert TABLE.exact["pati"].ordinary
    assert not TABLE.exact["lamongan"].ordinary


def test_island_is_not_a_spelling_of_a_province() -> None:
    """Bali stays the province, Sumatera is the island."""
    assert (TABLE.exact["bali"].island, TABLE.exact["bali"].codes) == (False, ("51",))
    assert (TABLE.exact["sumatera"].island, TABLE.exact["sumatera"].codes) == (True, ("12", "13"))


WRITTEN = {
    "as one word": (("gunungkidul",), True),
    "in two parts": (("gunung", "kidul"), True),
    "with a very short part": (("gu", "nungkidul"), False),
}


@pytest.mark.parametrize(("pieces", "plausible"), WRITTEN.values(), ids=WRITTEN)
def test_spaces_inside_a_name(pieces: tuple[str, ...], plausible: bool) -> None:
    """A long one-word name may be written in two parts of three letters at least."""
    assert Name("gunungkidul", parts=frozenset({("gunungkidul",)})).may_be_written(pieces) is plausible


def test_short_name_is_never_in_two_parts() -> None:
    """ "ke diri" is no Kediri."""
    assert not Name("kediri", parts=frozenset({("kediri",)})).may_be_written(("ked", "iri"))


EDITS = {
    "four letters": ("Pati", False, 0),
    "four letters with a cue": ("Pati", True, 1),
    "five letters": ("Tegal", False, 1),
    "seven letters": ("Bandung", False, 1),
    "eight letters": ("Lamongan", False, 2),
    "two words of fourteen letters": ("Tapanuli Tengah", False, 3),
    "one word of fourteen letters": ("Padangsidimpuan", False, 2),
}


@pytest.mark.parametrize(("name", "cue", "edits"), EDITS.values(), ids=EDITS)
def test_edits_allowed(name: str, cue: bool, edits: int) -> None:
    """The longer a name, the more slips still point to it."""
    words = tuple(name.lower().split())
    assert Name("".join(words), parts=frozenset({words}), official=True).edits(cue) == edits


def test_alias_needs_two_letters_more() -> None:
    """ "sumut" and its like have too many neighbours."""
    assert Name("sumut", parts=frozenset({("sumut",)})).edits(cue=False) == 0


NEAREST = {
    "one edit": ("lamngan", ["lamongan"]),
    "two edits": ("lmongn", ["lamongan"]),
    "same consonants before others": ("bndung", ["bandung", "badung"]),
    "each word of three": ("hulusngitngah", ["hulusungaitengah"]),
    "too far": ("semangat", []),
    "written rightly": ("lamongan", []),
}


@pytest.mark.parametrize(("typed", "keys"), NEAREST.values(), ids=NEAREST)
def test_nearest(typed: str, keys: list[str]) -> None:
    """The nearest names within the edits that each allows, likeliest first."""
    found = [name.key for name in TABLE.nearest(typed, cue=False)]
    assert found[: len(keys)] == keys
    assert bool(found) is bool(keys)


def test_two_edits_need_a_right_end_or_a_cue() -> None:
    """A word that differs at both ends and once more is another word."""
    assert TABLE.nearest("namongak", cue=False) == ()
    assert [name.key for name in TABLE.nearest("namongak", cue=True)] == ["lamongan"]
