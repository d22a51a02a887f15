"""Interpreting: places are found and masked, slots are read beside them, and the rest is ranked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.interpret import FILLERS, interpret
from bot.dialogue.mind import Mind
from bot.dialogue.slots import Slots
from bot.model import RegionType

same_on_every_run = settings(derandomize=True, deadline=None, max_examples=60)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("apakah kab. lamongan masuk 2018?", "apakah <daerah> masuk 2018?"),
        ("apakah lamngan masuk 2018?", "apakah <daerah> masuk 2018?"),
        ("kab. siak dan kota malang sudah ikut", "<daerah> dan <daerah> sudah ikut"),
        ("jatim siapa saja", "<provinsi> siapa saja"),
        ("sumatera siapa saja", "<provinsi> siapa saja"),
        ("apa syarat seleksi", "apa syarat seleksi"),
    ],
)
def test_places_are_masked(mind: Mind, text: str, masked: str) -> None:
    assert " ".join(interpret(text, mind).masked.split()) == masked


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("lamongan", (("35.24",),)),
        ("apakah kota malang masuk", (("35.73",),)),
        ("apakah malang masuk", (("35.07", "35.73"),)),
        ("banjar jabar atau lahat", (("32.79",), ("16.04",))),
        ("tembilahan ikut?", (("14.04",),)),
        ("malang raya ikut?", (("35.07", "35.73", "35.79"),)),
        ("apakah malang masuk, yang kabupaten, bukan yang kota", (("35.07",),)),
        ("malang, kotanya saja", (("35.73",),)),
        ("kota apa saja yang seangkatan dengan malang", (("35.07", "35.73"),)),
        ("apa syarat seleksi", ()),
        ("jawa timur", ()),
    ],
    ids=[
        "name",
        "type",
        "ambiguous",
        "two, one with its province",
        "seat",
        "area",
        "not",
        "only",
        "others",
        "none",
        "province",
    ],
)
def test_every_region_named_comes_with_all_that_it_may_mean(
    mind: Mind, text: str, regions: tuple[tuple[str, ...], ...]
) -> None:
    assert interpret(text, mind).regions == regions


@pytest.mark.parametrize(
    ("text", "provinces"),
    [
        ("jabar dan jatim", ("32", "35")),
        ("jatim, jawa timur", ("35",)),
        ("provinsi jambi", ("15",)),
        ("jambi", ("15",)),
        ("kota jambi", ()),
        ("lamongan", ()),
    ],
)
def test_provinces_are_collected_once(mind: Mind, text: str, provinces: tuple[str, ...]) -> None:
    assert interpret(text, mind).provinces == provinces


def test_an_island_stands_for_its_provinces(mind: Mind) -> None:
    assert interpret("sumatera siapa saja", mind).provinces == tuple(
        code for code in ("11", "12", "13", "14", "15", "16", "17", "18", "19", "21")
    )


def test_a_place_that_is_no_region_brings_its_answer(mind: Mind) -> None:
    place = interpret("IKN ikut?", mind).place
    assert place is not None
    assert "IKN" in place.names
    assert place.answer


@pytest.mark.parametrize("text", ["lamongan ikut?", "tembilahan ikut?", "apa syarat seleksi"])
def test_other_places_bring_none(mind: Mind, text: str) -> None:
    assert interpret(text, mind).place is None


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("apakah batu masuk 2019", (("35.79",),)),
        ("kota batu ikut tahun berapa", (("35.79",),)),
        ("kapan peletakan batu pertama", ()),
    ],
)
def test_an_ordinary_word_is_a_place_only_where_that_reads_better(
    mind: Mind, text: str, regions: tuple[tuple[str, ...], ...]
) -> None:
    assert interpret(text, mind).regions == regions


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("Kota Malang saja?", Slots()),
        ("kab. siak tahap II", Slots((2018,), (2,))),
        ("peserta jabar 2018 yang kota saja", Slots((2018,), type=RegionType.CITY, namesake=RegionType.CITY)),
        ("daerah saya lamongan", Slots(mine=True)),
    ],
)
def test_slots_are_read_beside_the_places(mind: Mind, text: str, slots: Slots) -> None:
    """The "kota" of "Kota Malang" belongs to the name and filters nothing."""
    assert interpret(text, mind).slots == slots


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("apakah lamongan masuk 2018", "@anggota"),
        ("APAKAH LAMNGAN MASUK 2019???", "@anggota"),
        ("daftar peserta 2021", "@daftar"),
        ("jatim siapa saja", "@daftar"),
        ("siapa saja yang seangkatan dengan siak", "@seangkatan"),
        ("terima kasih", "terima-kasih"),
        ("prakiraan cuaca akhir pekan", "-cuaca"),
    ],
)
def test_the_masked_text_is_ranked(mind: Mind, text: str, label: str) -> None:
    assert interpret(text, mind).ranking.candidates[0].label == label


@pytest.mark.parametrize(
    ("text", "share"), [("kalau 2019", 1.0), ("min kalau 2019 ya", 1.0), ("kalau biayanya", 0.5), ("biayanya", 0.0)]
)
def test_fillers_and_figures_do_not_lower_the_share_of_known_words(mind: Mind, text: str, share: float) -> None:
    question = interpret(text, mind)
    vocabulary = frozenset({"kalau", "xtahun"})
    assert question.share_of(vocabulary) == share
    assert question.only(vocabulary) == (share == 1.0)


def test_fillers_alone_are_no_share_of_anything(mind: Mind) -> None:
    assert {"min", "ya"} <= FILLERS
    assert interpret("min ya", mind).share_of(frozenset({"kalau"})) == 0.0


@same_on_every_run
@given(st.text(max_size=60) | st.lists(st.sampled_from(["kab.", "malang", "batu", "2018", "?", "jatim", "-", "ikn"])))
def test_any_text_is_read_and_always_in_the_same_way(mind: Mind, text: str | list[str]) -> None:
    typed = text if isinstance(text, str) else " ".join(text)
    question = interpret(typed, mind)
    assert question == interpret(typed, mind)
    assert all(codes for codes in question.regions)
    assert set(question.provinces) <= set(mind.knowledge.regions)
