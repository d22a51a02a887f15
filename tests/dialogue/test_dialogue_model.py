"""What a turn is made of travels through buttons and the store without loss; what is forged is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.dialogue.model import NONE, STAFF, Context, QueryKind, RegionQuery, about, choices
from bot.model import RegionType

same_on_every_run = settings(derandomize=True, deadline=None)
CODES = st.from_regex(r"\A[1-9]\d(\.\d\d)?\Z")
YEARS = st.integers(2010, 2029)
QUERIES = st.builds(
    RegionQuery,
    st.sampled_from(QueryKind),
    st.lists(CODES, max_size=4).map(tuple),
    st.lists(CODES, max_size=3).map(tuple),
    st.lists(YEARS, max_size=4).map(tuple),
    st.none() | st.sampled_from(RegionType),
    st.booleans(),
)
IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", max_size=40)
CONTEXTS = st.builds(
    Context,
    query=st.just("") | QUERIES.map(RegionQuery.encode),
    entry=IDS,
    year=st.just(0) | YEARS,
    number=st.integers(0, 5),
    choices=st.lists(st.tuples(IDS, st.text(max_size=20)), max_size=4).map(tuple),
    runners_up=st.lists(IDS, max_size=3).map(tuple),
    pending=st.just("") | QUERIES.map(RegionQuery.encode),
    region=st.just("") | CODES,
)


@same_on_every_run
@given(QUERIES)
def test_a_query_survives_a_button(query: RegionQuery) -> None:
    assert RegionQuery.decode(query.encode()) == query


@pytest.mark.parametrize(
    ("query", "encoded"),
    [
        (RegionQuery(QueryKind.MEMBERSHIP, ("35.24",), years=(2018,)), "anggota;35.24;;2018;"),
        (RegionQuery(QueryKind.LIST, provinces=("32", "35")), "daftar;;32,35;;"),
        (RegionQuery(QueryKind.COUNT, type=RegionType.CITY, mine=True), "jumlah;;;;kota!"),
        (RegionQuery(QueryKind.MEMBERSHIP, mine=True), "anggota;;;;!"),
    ],
)
def test_a_query_is_encoded_the_same_way_in_every_version(query: RegionQuery, encoded: str) -> None:
    """Buttons of an older version of the bot stay in people's chats."""
    assert query.encode() == encoded
    assert RegionQuery.decode(encoded) == query


@same_on_every_run
@given(st.text() | st.text("angotdfrjumlh;,.!0123456789", max_size=40))
@example("")
@example(";;;;")
@example("anggota;;;")
@example("anggota;;;;;")
@example("anggota;;;dua ribu;")
@example("anggota;;;2018;desa")
@example("bukan;;;;")
def test_a_forged_query_is_refused_by_a_value_error_only(text: str) -> None:
    try:
        query = RegionQuery.decode(text)
    except ValueError:
        return
    assert RegionQuery.decode(query.encode()) == query


@pytest.mark.parametrize(
    "text", ["", "anggota", "anggota;;;", "anggota;;;;;", "lain;;;;", "anggota;;;x;", "anggota;;;;desa"]
)
def test_what_is_no_query_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        RegionQuery.decode(text)


@same_on_every_run
@given(CONTEXTS)
def test_a_context_survives_the_store(context: Context) -> None:
    assert Context.from_json(context.to_json()) == context


@pytest.mark.parametrize("stored", [None, "", "{}"])
def test_where_nothing_is_stored_the_context_is_empty(stored: str | None) -> None:
    assert Context.from_json(stored) == Context()


def test_what_another_version_stored_and_this_one_does_not_know_is_dropped() -> None:
    stored = json.dumps({"entry": "syarat-seleksi", "mood": "good"})
    assert Context.from_json(stored) == Context(entry="syarat-seleksi")


def test_choices_that_lead_back_to_a_question_get_its_number() -> None:
    context = Context(choices=(("e:syarat-seleksi", "Syarat"), (NONE, "Bukan ini semua"), (STAFF, "Tanya petugas")))
    assert [ident for ident, _ in context.about(7).choices] == ["e:syarat-seleksi", f"{NONE}:7", f"{STAFF}:7"]


@pytest.mark.parametrize("choice", ["e:syarat-seleksi", "w:anggota;35.24;;;", "x:3", "t"])
def test_other_choices_need_no_number(choice: str) -> None:
    assert about(choice, 7) == choice


def test_a_label_is_cut_to_what_a_phone_shows() -> None:
    (short, long) = choices([("e:a", "Syarat"), ("e:b", "Syarat " * 20)])
    assert short.label == "Syarat"
    assert len(long.label) <= 60
    assert long.label.endswith("…")


@pytest.mark.parametrize(("ident", "fits"), [("e:" + "a" * 62, True), ("e:" + "a" * 63, False), ("é" * 33, False)])
def test_a_choice_that_a_button_cannot_carry_is_left_out(ident: str, fits: bool) -> None:
    assert [choice.id for choice in choices([(ident, "Syarat")])] == ([ident] if fits else [])
