"""Normalisation: the same question typed in many ways becomes the same words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.normalize import NO_TERMS, Terms, fold, tokens

TERMS = Terms.compile(
    {
        "gmn": "bagaimana",
        "gmn nih": "bagaimana ini",
        "smart city": "smartcity",
        "smart city nasional": "kota cerdas nasional",
        "e-gov": "spbe",
        "kab.": "kabupaten",
        "thn": "tahun",
    }
)

LATIN = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="<>{}"))
"""Latin letters with accents, digits and punctuation, without the brackets of placeholders."""
WORDS = st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8), max_size=6)
same_on_every_run = settings(derandomize=True, deadline=None)


def words(text: str, terms: Terms = NO_TERMS) -> str:
    return " ".join(tokens(text, terms))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Apa syaratnya?", "apa syaratnya"),
        ("kab/kota", "kab kota"),
        ("smart-city", "smart city"),
        ("Jum'at", "jumat"),
        ("Jum’at", "jumat"),
        ("café kôta naïve", "cafe kota naive"),
        ("ｓｍａｒｔ ＣＩＴＹ", "smart city"),
        ("ﬁskal", "fiskal"),
        ("H2O", "h2o"),
    ],
)
def test_letters_are_unified_and_punctuation_separates(typed: str, expected: str) -> None:
    assert words(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("masiiih", "masih"),
        ("gooooolll", "gol"),
        ("min tolooong dooong", "min tolong dong"),
        ("maaf", "maaf"),
        ("aaa", "a"),
        ("pagi minn", "pagi min"),
        ("siapaa", "siapa"),
        ("business access", "business access"),
    ],
)
def test_stretched_letters_shrink_and_double_letters_stay(typed: str, expected: str) -> None:
    assert words(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"), [("kata2", "kata"), ("daerah2 mana", "daerah mana"), ("ke2", "ke2"), ("kata22", "kata22")]
)
def test_a_two_behind_a_word_is_its_plural(typed: str, expected: str) -> None:
    assert words(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2018", "xtahun 2018"),
        ("2018 2019", "xtahun 2018 xtahun 2019"),
        ("2018,2019", "xtahun 2018 xtahun 2019"),
        ("tahun2018", "tahun xtahun 2018"),
        ("angkatan2018", "angkatan xtahun 2018"),
        ("2018siapa", "xtahun 2018 siapa"),
        ("ＴＡＨＵＮ ２０１８", "tahun xtahun 2018"),
        ("1999", "1999"),
        ("20180", "20180"),
        ("201", "201"),
    ],
)
def test_a_year_stands_behind_its_token(typed: str, expected: str) -> None:
    assert words(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("apakah <daerah> masuk", "apakah xdaerah masuk"),
        ("<Daerah>", "xdaerah"),
        ("{tahun}di<provinsi>", "xtahun di xprovinsi"),
        ("daerah", "daerah"),
    ],
)
def test_a_placeholder_is_one_word_of_its_own(typed: str, expected: str) -> None:
    assert words(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("😀 halo 👍🏽", "halo"),
        ("مرحبا syarat", "syarat"),
        ("\u202eapa syarat\u202c", "apa syarat"),
        ("", ""),
        (" \n\t ", ""),
        ("?!...", ""),
        ("👩‍👩‍👧‍👦", ""),
    ],
)
def test_what_is_no_latin_word_or_number_disappears(typed: str, expected: str) -> None:
    assert words(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("gmn caranya", "bagaimana caranya"),
        ("GMN, caranya", "bagaimana caranya"),
        ("gmnnn", "bagaimana"),
        ("gmnx", "gmnx"),
        ("kab. siak", "kabupaten siak"),
        ("e-gov dan e gov", "spbe dan spbe"),
        ("thn 2018", "tahun xtahun 2018"),
    ],
)
def test_typed_forms_become_standard_words(typed: str, expected: str) -> None:
    assert words(typed, TERMS) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("gmn nih", "bagaimana ini"),
        ("smart city", "smartcity"),
        ("smart city nasional", "kota cerdas nasional"),
        ("smart smart city", "smart smartcity"),
        ("smart", "smart"),
        ("smart, city", "smartcity"),
    ],
)
def test_the_longest_typed_form_wins(typed: str, expected: str) -> None:
    assert words(typed, TERMS) == expected


def test_a_standard_word_is_not_replaced_again() -> None:
    """Every place is replaced once, so a list with a circle in it cannot run on."""
    assert words("a b", Terms.compile({"a": "b", "b": "a"})) == "b a"


def test_a_typed_form_without_letters_is_ignored() -> None:
    assert words("apa!!", Terms.compile({"!!": "sekali"})) == "apa"


def test_folding_keeps_spaces_and_punctuation() -> None:
    assert fold("Kôta, ＣＥＲＤＡＳ!") == "kota, cerdas!"


@same_on_every_run
@given(st.text())
def test_any_text_gives_plain_words(text: str) -> None:
    """Nothing raises, and what comes out is made of lower-case letters and digits only."""
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in tokens(text, TERMS))


@same_on_every_run
@given(LATIN)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = [word for word in tokens(text) if word != "xtahun"]
    twice = [word for word in tokens(" ".join(once)) if word != "xtahun"]
    assert twice == once


@same_on_every_run
@given(LATIN)
def test_capitals_make_no_difference(text: str) -> None:
    assert tokens(text.upper(), TERMS) == tokens(text, TERMS) == tokens(text.lower(), TERMS)


@same_on_every_run
@given(WORDS, st.sampled_from([".", ",", "!", "?!", "...", ";", ":", "–", '"', " (", "\n", "😀"]))
def test_punctuation_makes_no_difference(typed: list[str], mark: str) -> None:
    plain = tokens(" ".join(typed), TERMS)
    assert tokens(mark + f"{mark} ".join(typed) + mark, TERMS) == plain


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("matur nuwun nggih bli", "matur nuwun"),
        ("malang ikut ji", "malang ikut"),
        ("monggo", "monggo"),
        ("bos", "bos"),
    ],
)
def test_particles_are_left_out_where_anything_else_is_said(typed: str, expected: str) -> None:
    assert words(typed) == expected
