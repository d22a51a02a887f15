"""Which table query words make, whatever the ranking says."""

from __future__ import annotations

import pytest

from bot.dialogue.interpret import interpret
from bot.dialogue.mind import Mind
from bot.dialogue.model import AskTable, AskWhichRegion, Context, QueryKind, RegionQuery, TellPlace
from bot.dialogue.query import fill, kind_of, wants_names

LAMONGAN = "35.24"


@pytest.mark.parametrize(
    ("pattern", "text", "kind"),
    [
        ("jumlah", "berapa peserta 2018", QueryKind.COUNT),
        ("jumlah", "peserta 2018", QueryKind.LIST),  # nothing counts
        ("daftar", "daerah mana yang belum ikut", None),  # nobody lists who stayed away
        ("daftar", "kabupaten di bali yang belum ikut", QueryKind.WITHOUT),
        ("daftar", "siapa saja yang tidak lolos 2018", None),
        ("peringkat", "provinsi paling sedikit pesertanya", QueryKind.WITHOUT),
        ("tanpa", "provinsi mana yang ikut", QueryKind.LIST),
        ("anggota", "kabupaten apa saja di gorontalo yang ikut", QueryKind.LIST),
        ("anggota", "lamongan dan siapa saja yang ikut", QueryKind.MEMBERSHIP),
    ],
)
def test_the_words_decide_between_kinds_that_are_near(
    mind: Mind, pattern: str, text: str, kind: QueryKind | None
) -> None:
    assert kind_of(pattern, interpret(text, mind)) is kind


@pytest.mark.parametrize(
    ("text", "own", "last", "expected"),
    [
        ("ikut lamongan", "", "", "anggota;35.24;;;"),
        ("sudah ikut belum", LAMONGAN, "", "anggota;35.24;;;"),
        ("sudah ikut belum", LAMONGAN, "anggota;14.08;;;", "anggota;14.08;;;"),
        ("daerah saya sudah ikut belum", LAMONGAN, "anggota;14.08;;;", "anggota;35.24;;;"),
        ("jatim sudah ikut belum", "", "", "anggota;35;;;"),
    ],
)
def test_the_place_is_the_one_named_then_the_last_then_the_own(
    mind: Mind, text: str, own: str, last: str, expected: str
) -> None:
    base = RegionQuery(QueryKind.MEMBERSHIP)
    assert fill(interpret(text, mind), mind, own or None, base, Context(query=last)) == AskTable(
        RegionQuery.decode(expected)
    )


def test_without_any_place_the_own_one_is_asked_for(mind: Mind) -> None:
    found = fill(interpret("sudah ikut belum", mind), mind, None, RegionQuery(QueryKind.MEMBERSHIP))
    assert found == AskWhichRegion(RegionQuery(QueryKind.MEMBERSHIP, mine=True))


def test_a_place_with_an_answer_of_its_own_is_told_of(mind: Mind) -> None:
    question = interpret("ikn sudah ikut belum", mind)
    assert question.place is not None
    assert fill(question, mind, None, RegionQuery(QueryKind.MEMBERSHIP)) == TellPlace(question.place)


@pytest.mark.parametrize(
    ("text", "wants"), [("daerah mana saja yang ikut", True), ("siapa saja pesertanya", True), ("apa itu 2018", False)]
)
def test_asking_for_names(mind: Mind, text: str, wants: bool) -> None:
    assert wants_names(interpret(text, mind)) is wants
