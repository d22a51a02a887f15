"""Composing: every outcome becomes a reply with the right words, choices and footer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.dialogue.compose import Setting, compose, entry_id
from bot.dialogue.mind import Mind
from bot.dialogue.model import (
    NONE,
    AnswerEntry,
    AskAboutYear,
    AskMeta,
    AskTable,
    AskWhichRegion,
    Decline,
    Meta,
    OfferEntries,
    Outcome,
    QueryKind,
    RegionQuery,
    Scored,
    SetRegion,
    TellPlace,
)
from bot.dialogue.table import table_reply
from bot.dialogue.wording import name_source, short_date
from bot.messages import MESSAGES
from bot.model import Choice, Decision, Entry, EntryKind, OffTopic, OtherPlace, Reply, Variant

TODAY = date(2026, 11, 21)
PRIVATE, GROUP, STAFFED = Setting(TODAY), Setting(TODAY, group=True), Setting(TODAY, staffed=True)
FACT = "syarat-seleksi"


def changed(mind: Mind, entry: str, **fields: object) -> Mind:
    """The mind with some fields of one entry replaced."""
    entries = {**mind.knowledge.entries, entry: replace(mind.knowledge.entries[entry], **fields)}  # type: ignore[arg-type]
    return replace(mind, knowledge=replace(mind.knowledge, entries=entries))


def answer(mind: Mind, entry: str, year: int = 0, number: int = 0, setting: Setting = PRIVATE) -> Reply:
    return compose(AnswerEntry(entry, 0.9, year, number), mind, setting)


def of_kind(mind: Mind, kind: EntryKind) -> list[Entry]:
    return [entry for entry in mind.knowledge.entries.values() if entry.kind is kind]


# --- sentences ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(MESSAGES))
def test_every_sentence_can_be_filled_with_its_placeholders(mind: Mind, key: str) -> None:
    said = mind.says(key, **{name: f"<{name}>" for name in MESSAGES[key]})
    assert said.strip()
    assert "{" not in said


# --- entries --------------------------------------------------------------------------------------------------------


def test_an_answer_is_the_entrys_with_its_source_and_the_day_it_was_checked(mind: Mind) -> None:
    entry = mind.knowledge.entries[FACT]
    reply = answer(mind, FACT)
    assert reply.decision is Decision.ANSWER
    assert reply.text == entry.answer.rstrip()
    assert reply.entries == (FACT,)
    assert reply.score == 0.9
    assert name_source(mind.knowledge.sources[entry.sources[0]]) in reply.footer
    assert short_date(entry.checked) in reply.footer


def test_all_answers_of_facts_name_the_day_they_were_checked(mind: Mind) -> None:
    undated = [e.id for e in of_kind(mind, EntryKind.FACT) if short_date(e.checked) not in answer(mind, e.id).footer]
    assert not undated


def test_an_entry_without_sources_still_names_the_day(mind: Mind) -> None:
    assert answer(changed(mind, FACT, sources=()), FACT).footer == f"Diperiksa {short_date(TODAY)}"


def test_related_entries_are_offered_under_their_titles(mind: Mind) -> None:
    entries = mind.knowledge.entries
    related = [entries[ident] for ident in entries[FACT].related]
    assert related
    assert answer(mind, FACT).actions == tuple(Choice(f"e:{entry.id}", entry.title) for entry in related)


def test_the_short_version_and_the_quote_go_along(mind: Mind) -> None:
    reply = answer(changed(mind, FACT, short="Singkatnya.", quote="Pasal 1"), FACT)
    assert (reply.short, reply.quote) == ("Singkatnya.", "Pasal 1")


VARIANTS = (
    Variant("Pada 2019 begini.", year=2019, sources=("kominfo-lahat-2019",)),
    Variant("Bagian kedua begini.", number=2),
)


@pytest.mark.parametrize(("year", "number", "text"), [(2019, 0, "Pada 2019 begini."), (0, 2, "Bagian kedua begini.")])
def test_a_variant_answers_for_its_year_or_number(mind: Mind, year: int, number: int, text: str) -> None:
    reply = answer(changed(mind, FACT, variants=VARIANTS, short="Singkatnya."), FACT, year, number)
    assert reply.text == text
    assert reply.short == "", "the short version is that of the whole answer"


def test_a_variant_names_its_own_source(mind: Mind) -> None:
    footer = answer(changed(mind, FACT, variants=VARIANTS), FACT, 2019).footer
    assert name_source(mind.knowledge.sources["kominfo-lahat-2019"]) in footer


def test_where_a_variant_has_no_source_the_entrys_holds(mind: Mind) -> None:
    first = mind.knowledge.sources[mind.knowledge.entries[FACT].sources[0]]
    assert name_source(first) in answer(changed(mind, FACT, variants=VARIANTS), FACT, number=2).footer


def test_a_year_without_a_variant_is_said_to_have_none_before_the_whole_answer(mind: Mind) -> None:
    asked = changed(mind, FACT, variants=VARIANTS, answer="Secara umum begini.")
    reply = answer(asked, FACT, 2022)
    assert reply.text == f"{mind.says('varian_tidak_ada', pilihan=2022)}\nSecara umum begini."


def test_a_year_does_not_matter_to_an_entry_without_variants(mind: Mind) -> None:
    assert answer(changed(mind, FACT, variants=()), FACT, 2022).text == mind.knowledge.entries[FACT].answer.rstrip()


def test_every_variant_of_the_knowledge_is_told_when_asked_for(mind: Mind) -> None:
    wrong = [
        (entry.id, variant.year or variant.number)
        for entry in mind.knowledge.entries.values()
        for variant in entry.variants
        if answer(mind, entry.id, variant.year or 0, variant.number or 0).text != variant.answer.rstrip()
    ]
    assert not wrong


@pytest.mark.parametrize("entry", ["salam", "terima-kasih"])
def test_small_talk_has_no_footer(mind: Mind, entry: str) -> None:
    assert answer(mind, entry).footer == ""


# --- entries that are out of date or have no data -------------------------------------------------------------------


@pytest.mark.parametrize(("days", "expired"), [(0, False), (1, True), (400, True)])
def test_after_its_last_day_an_answer_is_said_to_be_renewed(mind: Mind, days: int, expired: bool) -> None:
    old = changed(mind, FACT, valid_until=TODAY)
    reply = answer(old, FACT, setting=Setting(TODAY + timedelta(days)))
    entry = mind.knowledge.entries[FACT]
    assert (reply.decision is Decision.DECLINE) == expired
    assert (reply.text == entry.answer.rstrip()) != expired
    assert ("sedang diperbarui" in reply.text) == expired
    if expired:
        assert entry.title in reply.text
        assert entry.answer.splitlines()[0] not in reply.text


def test_what_is_not_known_is_told_as_a_decline(mind: Mind) -> None:
    entries = of_kind(mind, EntryKind.NO_DATA)
    assert entries
    for entry in entries:
        reply = answer(mind, entry.id)
        assert reply.decision is Decision.DECLINE
        assert reply.text == entry.answer.rstrip()
        with_staff = answer(mind, entry.id, setting=STAFFED)
        assert with_staff.text == f"{entry.answer.rstrip()}\n\n{mind.says('tawaran_petugas')}"


# --- choices --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "number", "ident"),
    [(0, 0, "e:syarat-seleksi"), (2019, 0, "e:syarat-seleksi:2019:"), (0, 2, "e:syarat-seleksi::2")],
)
def test_the_id_of_an_entry_holds_its_variant(year: int, number: int, ident: str) -> None:
    assert entry_id(FACT, year, number) == ident


def test_offered_entries_are_named_by_title_and_none_of_them_can_be_said(mind: Mind) -> None:
    reply = compose(OfferEntries((Scored(FACT, 0.5), Scored("cara-mendaftar", 0.4)), year=2019), mind, PRIVATE)
    assert reply.decision is Decision.CLARIFY
    assert reply.text == mind.says("pilih_maksud")
    assert reply.choices == (
        Choice("e:syarat-seleksi:2019:", mind.knowledge.entries[FACT].title),
        Choice("e:cara-mendaftar:2019:", mind.knowledge.entries["cara-mendaftar"].title),
        Choice(NONE, "Bukan ini semua"),
    )
    assert reply.entries == (FACT, "cara-mendaftar")
    assert reply.score == 0.5


def test_a_single_offer_is_put_with_doubt(mind: Mind) -> None:
    reply = compose(OfferEntries((Scored(FACT, 0.3),)), mind, PRIVATE)
    assert reply.text == mind.says("pilih_maksud_ragu")
    assert [choice.id for choice in reply.choices] == ["e:syarat-seleksi", NONE]


def test_a_table_question_can_be_offered_too(mind: Mind) -> None:
    query = RegionQuery(QueryKind.LIST, years=(2018,))
    reply = compose(OfferEntries((Scored(FACT, 0.3), AskTable(query))), mind, PRIVATE)
    assert reply.choices[1] == Choice("w:daftar;;;2018;", "Daftar peserta tahun 2018")
    assert reply.entries == (FACT,)


def test_a_year_is_asked_about_with_what_the_table_can_tell(mind: Mind) -> None:
    reply = compose(AskAboutYear((2018,)), mind, PRIVATE)
    assert reply.decision is Decision.CLARIFY
    assert "2018" in reply.text
    assert [choice.id for choice in reply.choices] == ["w:daftar;;;2018;", "w:jumlah;;;2018;", NONE]


# --- regions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("candidates", "labels"),
    [
        (("32.04", "32.73"), ["Kabupaten Bandung", "Kota Bandung"]),
        (("32.79", "63.03"), ["Kota Banjar (Jawa Barat)", "Kabupaten Banjar (Kalimantan Selatan)"]),
        (("15", "15.71"), ["Provinsi Jambi", "Kota Jambi"]),
    ],
)
def test_namesakes_are_offered_with_what_tells_them_apart(
    mind: Mind, candidates: tuple[str, ...], labels: list[str]
) -> None:
    open_query = RegionQuery(QueryKind.MEMBERSHIP, ("35.24",), years=(2018,))
    reply = compose(AskWhichRegion(open_query, candidates, "nama"), mind, PRIVATE)
    assert reply.decision is Decision.CLARIFY
    assert "Nama" in reply.text
    assert [choice.label for choice in reply.choices] == labels
    assert [choice.id for choice in reply.choices] == [f"w:anggota;35.24,{code};;2018;" for code in candidates]


@pytest.mark.parametrize(
    ("mine", "setting", "key"),
    [(True, PRIVATE, "daerah_saya_apa"), (True, GROUP, "daerah_grup_apa"), (False, PRIVATE, "daerah_apa")],
)
def test_an_unknown_region_is_asked_for_in_free_text(mind: Mind, mine: bool, setting: Setting, key: str) -> None:
    reply = compose(AskWhichRegion(RegionQuery(QueryKind.MEMBERSHIP, mine=mine)), mind, setting)
    assert (reply.decision, reply.text, reply.choices) == (Decision.CLARIFY, mind.says(key), ())


def test_a_table_question_is_answered_from_the_table(mind: Mind) -> None:
    query = RegionQuery(QueryKind.MEMBERSHIP, ("35.24",))
    assert compose(AskTable(query), mind, PRIVATE) == table_reply(query, mind)


def test_another_place_is_answered_in_its_own_words(mind: Mind) -> None:
    reply = compose(TellPlace(OtherPlace(("IKN",), (), "IKN bukan kabupaten/kota.")), mind, PRIVATE)
    assert (reply.decision, reply.text) == (Decision.ANSWER, "IKN bukan kabupaten/kota.")


# --- declined -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "setting", "text"),
    [
        (Decline(nonsense=True), PRIVATE, "Maaf, saya belum menangkap maksudnya."),
        (Decline(), PRIVATE, "Maaf, saya belum punya jawaban"),
        (Decline(OffTopic("ktp", "KTP", ("ktp",), "Silakan ke Dukcapil.")), PRIVATE, "Maaf, itu di luar"),
    ],
    ids=["not understood", "not known", "not our topic"],
)
def test_a_refusal_says_why(mind: Mind, outcome: Decline, setting: Setting, text: str) -> None:
    reply = compose(outcome, mind, setting)
    assert reply.decision is Decision.DECLINE
    assert reply.text.startswith(text)


def test_a_refusal_of_another_topic_points_to_the_right_office(mind: Mind) -> None:
    reply = compose(Decline(OffTopic("ktp", "KTP", ("ktp",), "Silakan ke Dukcapil.")), mind, PRIVATE)
    assert reply.text.endswith("Silakan ke Dukcapil.")
    without = compose(Decline(OffTopic("cuaca", "Cuaca", ("cuaca",))), mind, PRIVATE)
    assert without.text == without.text.strip()


@pytest.mark.parametrize(("setting", "key"), [(PRIVATE, "tawaran_topik"), (STAFFED, "tawaran_petugas")])
def test_what_is_not_known_comes_with_what_can_be_done(mind: Mind, setting: Setting, key: str) -> None:
    assert compose(Decline(), mind, setting).text.endswith(mind.says(key))


@pytest.mark.parametrize("score", [-0.2, 0.4, 1.3])
def test_scores_of_refusals_stay_between_0_and_1(mind: Mind, score: float) -> None:
    assert 0.0 <= compose(Decline(score=score), mind, PRIVATE).score <= 1.0


def test_scores_of_answers_stay_between_0_and_1(mind: Mind) -> None:
    assert compose(AnswerEntry(FACT, 1.2), mind, PRIVATE).score == 1.0


@pytest.mark.parametrize("outcome", [AskMeta(Meta.SOURCE), SetRegion(("35.24",), sure=True)])
def test_what_needs_the_conversation_cannot_be_composed_alone(mind: Mind, outcome: Outcome) -> None:
    with pytest.raises(ValueError, match="resolved before composing"):
        compose(outcome, mind, PRIVATE)
