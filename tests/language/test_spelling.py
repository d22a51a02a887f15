"""Spelling repair: the known word that was most likely meant, and never anything else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.spelling import Speller

KNOWN = [
    *["syarat"] * 3,
    *["seleksi"] * 2,
    "masterplan",
    "bimtek",
    "daerah",
    "kapan",
    "apa",
    "kota",
    "2018",
    "xtahun",
    "smartcity",
]
SPELLER = Speller(KNOWN)
same_on_every_run = settings(derandomize=True, deadline=None)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("syrat", "syarat"),
        ("syaratt", "syarat"),
        ("syarst", "syarat"),
        ("masterpln", "masterplan"),
        ("smrtcity", "smartcity"),
        ("bimtk", "bimtek"),
        ("koota", "kota"),
        ("daeerah", "daerah"),
    ],
)
def test_one_slip_is_repaired(typed: str, meant: str) -> None:
    assert SPELLER.repair(typed) == meant


@pytest.mark.parametrize(("typed", "meant"), [("sayrat", "syarat"), ("daearh", "daerah"), ("selkesi", "seleksi")])
def test_a_swap_of_neighbours_is_one_slip(typed: str, meant: str) -> None:
    assert SPELLER.repair(typed) == meant


@pytest.mark.parametrize(("typed", "meant"), [("syaratnya", "syarat"), ("daerahkah", "daerah"), ("apanya", "apa")])
def test_a_known_word_with_a_suffix_is_no_slip_of_another(typed: str, meant: str) -> None:
    assert SPELLER.repair(typed) == meant


@pytest.mark.parametrize("typed", ["a", "ap", "pa", "kt"])
def test_words_of_one_or_two_letters_are_left_alone(typed: str) -> None:
    assert SPELLER.repair(typed) == typed


@pytest.mark.parametrize("typed", ["2019", "2081", "201", "smartcity4", "b1mtek"])
def test_words_with_digits_are_left_alone(typed: str) -> None:
    assert SPELLER.repair(typed) == typed


@pytest.mark.parametrize("typed", ["zebra", "gubernur", "xyz"])
def test_a_word_far_from_all_others_stays(typed: str) -> None:
    assert SPELLER.repair(typed) == typed


def test_known_words_are_left_alone_even_beside_a_more_frequent_one() -> None:
    speller = Speller(["syarat"] * 9 + ["sarat"])
    assert speller.repair("sarat") == "sarat"


def test_a_number_is_never_what_a_word_meant() -> None:
    assert Speller(["2018", "2019"]).repair("abc") == "abc"


@pytest.mark.parametrize(
    ("known", "meant"),
    [
        (["makan", "malan", "malan"], "malan"),
        (["makan", "makan", "malan"], "makan"),
        (["malan", "makan"], "makan"),
        (["makan", "malan"], "makan"),
    ],
)
def test_ties_go_to_the_more_frequent_word_and_then_by_alphabet(known: list[str], meant: str) -> None:
    assert Speller(known).repair("maxan") == meant


def test_the_nearest_word_wins_over_a_more_frequent_one() -> None:
    assert Speller(["seleksian"] * 9 + ["seleksi"]).repair("selekssi") == "seleksi"


def test_nothing_is_known_to_an_empty_speller() -> None:
    assert Speller([]).repair("syarat") == "syarat"
    assert not Speller([]).knows("syarat")


def test_known_words_are_those_given() -> None:
    assert SPELLER.knows("syarat")
    assert not SPELLER.knows("syrat")


@same_on_every_run
@given(st.text(max_size=30) | st.text("abcdeikmnprsty", max_size=12))
def test_a_repair_is_the_word_itself_or_a_known_word(word: str) -> None:
    repaired = SPELLER.repair(word)
    assert repaired == word or SPELLER.knows(repaired)
    assert SPELLER.repair(word) == repaired, "asked twice, the same answer"
