"""Choosing by text: a digit, an ordinal, the label, or what tells the offered regions apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.mind import Mind
from bot.dialogue.model import NONE, Context
from bot.dialogue.pick import picked

BANDUNG = Context(choices=(("w:anggota;32.04;;2018;", "Kabupaten Bandung"), ("w:anggota;32.73;;2018;", "Kota Bandung")))
BANJAR = Context(
    choices=(
        ("w:anggota;32.79;;;", "Kota Banjar (Jawa Barat)"),
        ("w:anggota;63.03;;;", "Kabupaten Banjar (Kalimantan Selatan)"),
    )
)
ENTRIES = Context(
    choices=(
        ("e:syarat-seleksi", "Syarat dan parameter seleksi"),
        ("e:beda-syarat-2018-2019", "Beda syarat seleksi 2018 dan 2019"),
        (NONE, "Bukan ini semua"),
    )
)
JAMBI = Context(choices=(("w:anggota;15;;;", "Provinsi Jambi"), ("w:anggota;15.71;;;", "Kota Jambi")))
same_on_every_run = settings(derandomize=True, deadline=None, max_examples=60)


@pytest.mark.parametrize(
    "text", ["2", " 2 ", "2.", "(2)", "no 2", "nomor 2", "yang 2", "yg no. 2", "pilih 2", "opsi 2", "2 aja", "2 min"]
)
def test_a_digit_picks_by_place(mind: Mind, text: str) -> None:
    assert picked(text, ENTRIES, mind) == "e:beda-syarat-2018-2019"


@pytest.mark.parametrize(
    "text", ["dua-duanya", "keduanya", "Dua duanya ya", "semuanya aja min", "kabupaten dan kota", "both"]
)
def test_all_the_regions_offered_can_be_picked_at_once(mind: Mind, text: str) -> None:
    assert picked(text, BANDUNG, mind) == "w:anggota;32.04,32.73;;2018;"


@pytest.mark.parametrize("context", [ENTRIES, Context()], ids=["entries", "nothing"])
def test_where_no_regions_are_offered_both_picks_nothing(mind: Mind, context: Context) -> None:
    assert picked("dua-duanya", context, mind) is None


@pytest.mark.parametrize(("text", "choice"), [("semua kota", "w:anggota;32.73;;2018;")])
def test_all_of_a_kind_are_those_of_that_kind(mind: Mind, text: str, choice: str) -> None:
    assert picked(text, BANDUNG, mind) == choice


def test_both_is_no_choice_in_a_question_of_its_own(mind: Mind) -> None:
    assert picked("dua-duanya dapat apa", BANDUNG, mind) is None


@pytest.mark.parametrize("text", ["0", "4", "12", "99"])
def test_a_digit_beyond_the_choices_picks_nothing(mind: Mind, text: str) -> None:
    assert picked(text, ENTRIES, mind) is None


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("yang pertama", "w:anggota;32.04;;2018;"),
        ("yg kesatu aja", "w:anggota;32.04;;2018;"),
        ("yang kedua", "w:anggota;32.73;;2018;"),
        ("Yang Kedua.", "w:anggota;32.73;;2018;"),
        ("yang terakhir", "w:anggota;32.73;;2018;"),
        ("yang ketiga", None),
    ],
)
def test_an_ordinal_picks_by_place(mind: Mind, text: str, choice: str | None) -> None:
    assert picked(text, BANDUNG, mind) == choice


@pytest.mark.parametrize(
    ("text", "context", "choice"),
    [
        ("Kota Bandung", BANDUNG, "w:anggota;32.73;;2018;"),
        ("kota bandung!", BANDUNG, "w:anggota;32.73;;2018;"),
        ("syarat dan parameter seleksi", ENTRIES, "e:syarat-seleksi"),
        ("Bukan ini semua", ENTRIES, NONE),
    ],
)
def test_the_label_itself_picks_its_choice(mind: Mind, text: str, context: Context, choice: str) -> None:
    assert picked(text, context, mind) == choice


@pytest.mark.parametrize(
    "text",
    [
        "bukan semuanya",
        "Bukan ini semua kak.",
        "bukan yang ini semuanya",
        "ga ada",
        "tidak ada yang cocok min",
        "none of these",
    ],
)
def test_none_of_them_in_other_words(mind: Mind, text: str) -> None:
    """Where "Bukan ini semua" was offered, and only there."""
    assert picked(text, ENTRIES, mind) == NONE
    assert picked(text, BANDUNG, mind) is None


@pytest.mark.parametrize("text", ["tidak ada anggaran, bagaimana?", "bukan semua daerah ya?", "semuanya"])
def test_what_only_sounds_like_none_picks_nothing(mind: Mind, text: str) -> None:
    assert picked(text, ENTRIES, mind) is None


@pytest.mark.parametrize(
    ("text", "context", "choice"),
    [
        ("yang kota", BANDUNG, "w:anggota;32.73;;2018;"),
        ("kotanya", BANDUNG, "w:anggota;32.73;;2018;"),
        ("kota", BANDUNG, "w:anggota;32.73;;2018;"),
        ("pemkot", BANDUNG, "w:anggota;32.73;;2018;"),
        ("yang kabupaten", BANDUNG, "w:anggota;32.04;;2018;"),
        ("kabupatennya aja", BANDUNG, "w:anggota;32.04;;2018;"),
        ("kab bandung", BANDUNG, "w:anggota;32.04;;2018;"),
        ("yang jabar", BANJAR, "w:anggota;32.79;;;"),
        ("Kalimantan Selatan", BANJAR, "w:anggota;63.03;;;"),
        ("yang provinsi", JAMBI, "w:anggota;15;;;"),
        ("yang kota", JAMBI, "w:anggota;15.71;;;"),
    ],
)
def test_what_tells_the_regions_apart_picks_one(mind: Mind, text: str, context: Context, choice: str) -> None:
    assert picked(text, context, mind) == choice


@pytest.mark.parametrize(
    "text",
    [
        "bandung",
        "yang mana",
        "kalau 2019?",
        "2018",
        "lamongan",
        "yang bali",
        "kota mana saja yang ikut tahun 2018",
        "apa syarat seleksi",
        "",
        "👍",
    ],
)
def test_what_decides_nothing_picks_nothing(mind: Mind, text: str) -> None:
    assert picked(text, BANDUNG, mind) is None


@pytest.mark.parametrize("text", ["1", "yang kota", "yang pertama", "Kota Bandung"])
def test_where_nothing_was_offered_nothing_is_picked(mind: Mind, text: str) -> None:
    assert picked(text, Context(), mind) is None


@same_on_every_run
@given(st.text(max_size=30), st.sampled_from([BANDUNG, BANJAR, ENTRIES, JAMBI, Context()]))
def test_only_what_was_offered_is_ever_picked(mind: Mind, text: str, context: Context) -> None:
    assert picked(text, context, mind) in {None, *(ident for ident, _ in context.choices)}
