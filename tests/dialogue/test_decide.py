"""Deciding: which table query, entry, choice or refusal a question leads to.

Where confidence matters, the cuts are set by the test, so that learning other ones changes nothing here.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.decide import decide
from bot.dialogue.interpret import interpret
from bot.dialogue.mind import Mind
from bot.dialogue.model import (
    AnswerEntry,
    AskAboutYear,
    AskMeta,
    AskTable,
    AskWhichRegion,
    Context,
    Decline,
    Meta,
    OfferEntries,
    Outcome,
    QueryKind,
    RegionQuery,
    Scored,
    SetRegion,
)
from bot.language.calibration import Cuts

LAMONGAN, SIAK = "35.24", "14.08"
ALWAYS, NEVER = -9.0, 9.0  # cuts below and above everything that a question can score
same_on_every_run = settings(derandomize=True, deadline=None, max_examples=60)


def outcome(text: str, mind: Mind, context: Context | None = None, own: str | None = None) -> Outcome:
    return decide(interpret(text, mind), context or Context(), mind, own)


def query(text: str, mind: Mind, context: Context | None = None, own: str | None = None) -> str:
    found = outcome(text, mind, context, own)
    assert isinstance(found, AskTable), found
    return found.query.encode()


def with_cuts(mind: Mind, answer: float, decline: float) -> Mind:
    return replace(mind, cuts=Cuts(answer, decline))


# --- table questions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apakah lamongan masuk 2018", "anggota;35.24;;2018;"),
        ("apakah lamngan masuk 2018", "anggota;35.24;;2018;"),
        ("lamongan", "anggota;35.24;;;"),
        ("kab lamongan masuk angkatan berapa", "anggota;35.24;;;"),
        ("kota batu ikut tahun berapa", "anggota;35.79;;;"),
        ("lamongan masuk tahap 2?", "anggota;35.24;;2018;"),
        ("is Lamongan in the 2018 cohort", "anggota;35.24;;2018;"),
        ("lamongan dan lahat sudah masuk", "anggota;35.24,16.04;;;"),
        ("lamongan sampai 2022 sudah ikut belum", "anggota;35.24;;;"),
        ("tembilahan ikut tidak", "anggota;14.04;;;"),
        ("daftar peserta 2018", "daftar;;;2018;"),
        ("daftar peserta", "daftar;;;;"),
        ("daftar peserta 2025", "daftar;;;2025;"),
        ("siapa saja tahap 2", "daftar;;;2018;"),
        ("daerah apa aja yg masuk tahap 2", "daftar;;;2018;"),
        ("pemda mana saja yang tahun 2022 dapat pendampingan", "daftar;;;2022;"),
        ("jatim siapa saja", "daftar;;35;;"),
        ("dari jatim siapa saja yang masuk 2018", "daftar;;35;2018;"),
        ("daftar peserta 2018-2019 di jawa timur", "daftar;;35;2018,2019;"),
        ("berapa peserta 2019", "jumlah;;;2019;"),
        ("provinsi mana yang paling banyak pesertanya", "peringkat;;;;"),
        ("provinsi mana yang belum memiliki peserta", "tanpa;;;;"),
        ("provinsi mana yang paling sedikit pesertanya", "tanpa;;;;"),
        ("provinsi mana yang paling banyak pesertanya 2018", "peringkat;;;2018;"),
        ("kabupaten kota di bali yang belum ikut 2022", "tanpa;;51;2022;"),
        ("yang di tanah papua siapa saja", "daftar;;91,92,93,94,95,96;;"),
        ("siapa saja yang belum ikut di jawa timur tahun 2018", "tanpa;;35;2018;"),
        ("kabupaten yang tidak ikut 2018 di jawa timur", "tanpa;;35;2018;"),
        ("provinsi mana saja yang tidak ikut 2018", "tanpa;;;2018;"),
        ("kota mana yang belum ikut di jawa barat", "tanpa;;32;;kota"),
        ("daftar kabupaten2 dan kota2 peserta 2018", "daftar;;;2018;"),
        ("berapa peserta sampai tahap 3", "jumlah;;;2017,2018,2019;"),
        ("lamongan tidak ikut 2018 kan?", "anggota;35.24;;;"),
        ("bisa minta daftar peserta 2022", "daftar;;;2022;"),
        ("kota2 di jatim yang ikut siapa saja", "daftar;;35;;kota"),
        ("kami dari lamongan, angkatan berapa ya", "anggota;35.24;;;"),
        ("siapa saja yang seangkatan dengan lamongan", "seangkatan;35.24;;;"),
    ],
)
def test_a_table_question_is_filled_with_what_was_said(mind: Mind, text: str, expected: str) -> None:
    assert query(text, mind) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apakah daerah saya termasuk peserta", "anggota;35.24;;;"),
        ("daerah saya masuk angkatan 2018", "anggota;35.24;;2018;"),
        ("kami ikut tahun berapa", "anggota;35.24;;;"),
        ("di provinsi saya siapa saja yang ikut", "daftar;;35;;"),
        ("di provinsi kami siapa yang belum ikut", "tanpa;;35;;"),
        ("apakah siak masuk 2018", "anggota;14.08;;2018;"),
    ],
)
def test_the_own_region_stands_for_daerah_saya_and_nothing_else(mind: Mind, text: str, expected: str) -> None:
    assert query(text, mind, own=LAMONGAN) == expected


@pytest.mark.parametrize(
    ("text", "kind", "years"),
    [
        ("daerah saya masuk angkatan 2018", QueryKind.MEMBERSHIP, (2018,)),
        ("kami ikut tahun berapa", QueryKind.MEMBERSHIP, ()),
        ("di provinsi saya siapa saja yang ikut", QueryKind.LIST, ()),
    ],
)
def test_where_the_own_region_is_unknown_it_is_asked_for(
    mind: Mind, text: str, kind: QueryKind, years: tuple[int, ...]
) -> None:
    assert outcome(text, mind) == AskWhichRegion(RegionQuery(kind, years=years, mine=True))


@pytest.mark.parametrize(
    ("text", "open_query", "candidates", "name"),
    [
        ("apakah bandung masuk 2018", "anggota;;;2018;", ("32.04", "32.73"), "bandung"),
        ("apakah Malang masuk 2018", "anggota;;;2018;", ("35.07", "35.73"), "Malang"),
        ("lamongan dan bandung sudah masuk", "anggota;35.24;;;", ("32.04", "32.73"), "bandung"),
        ("bandung dan lamongan sudah masuk", "anggota;35.24;;;", ("32.04", "32.73"), "bandung"),
    ],
)
def test_an_ambiguous_name_is_asked_back_and_the_others_are_kept(
    mind: Mind, text: str, open_query: str, candidates: tuple[str, ...], name: str
) -> None:
    assert outcome(text, mind) == AskWhichRegion(RegionQuery.decode(open_query), candidates, name)


# --- follow-ups -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "text", "expected"),
    [
        ("anggota;35.24;;2018;", "kalau 2019?", "anggota;35.24;;2019;"),
        ("anggota;35.24;;2018;", "bagaimana dengan 2021", "anggota;35.24;;2021;"),
        ("anggota;35.24;;;", "yang tahap 2", "anggota;35.24;;2018;"),
        ("anggota;35.24;;;", "what about 2019", "anggota;35.24;;2019;"),
        ("anggota;35.24;;2018;", "eh maksudnya 2019", "anggota;35.24;;2019;"),
        ("anggota;35.24;;2018;", "kalau lahat", "anggota;16.04;;2018;"),
        ("anggota;35.24;;2018;", "siak juga", "anggota;14.08;;2018;"),
        ("anggota;35.24;;2018;", "maksud saya siak", "anggota;14.08;;2018;"),
        ("anggota;35.24;;2018;", "kalau lahat 2019?", "anggota;16.04;;2019;"),
        ("anggota;35.24;;2018;", "kalau siak dan lahat", "anggota;14.08,16.04;;2018;"),
        ("anggota;35.24;;2018;", "kalau jatim", "daftar;;35;;"),
        ("anggota;32.73;;2017;", "kabupatennya?", "anggota;32.04;;2017;"),
        ("anggota;32.04;;2018;", "kotanya?", "anggota;32.73;;2018;"),
        ("daftar;;;2018;", "kalau 2019", "daftar;;;2019;"),
        ("daftar;;;2018;", "yang kota saja", "daftar;;;2018;kota"),
        ("daftar;;;2018;kota", "kabupatennya", "daftar;;;2018;kabupaten"),
        ("daftar;;;2018;kota", "kalau di jabar", "daftar;;32;2018;kota"),
        ("daftar;;32;2018;", "kalau jatim", "daftar;;35;2018;"),
        ("daftar;;;2018;", "kalau lamongan", "anggota;35.24;;2018;"),
        ("jumlah;;;2018;", "kalau 2019", "jumlah;;;2019;"),
        ("jumlah;;32;;", "kalau jatim", "jumlah;;35;;"),
        ("seangkatan;35.24;;;", "kalau 2019", "seangkatan;35.24;;2019;"),
    ],
)
def test_a_follow_up_changes_only_what_it_says(mind: Mind, last: str, text: str, expected: str) -> None:
    assert query(text, mind, Context(query=last)) == expected


@pytest.mark.parametrize(
    ("context", "text", "expected"),
    [
        (Context(query="jumlah;;;2018;"), "tahun berikutnya?", "jumlah;;;2019;"),
        (Context(query="daftar;;;2019;"), "kalau sebelumnya", "daftar;;;2018;"),
        (Context(query="jumlah;;;2019;"), "selanjutnya?", "jumlah;;;2020;"),
        (Context(query="jumlah;;;2018;"), "yang terakhir?", "jumlah;;;2024;"),
        (Context(query="jumlah;;;2024;"), "tahun berikutnya?", "jumlah;;;2025;"),  # of which nothing is known
    ],
)
def test_a_step_to_another_year_is_one_from_the_year_told(
    mind: Mind, context: Context, text: str, expected: str
) -> None:
    assert query(text, mind, context) == expected


@pytest.mark.parametrize(
    ("number", "text", "expected"), [(1, "selanjutnya?", 2), (3, "sebelumnya", 2), (2, "yg terakhir?", 4)]
)
def test_a_step_to_another_number_is_one_from_the_number_told(
    mind: Mind, number: int, text: str, expected: int
) -> None:
    found = outcome(text, mind, Context(entry="materi-bimtek", number=number))
    assert found == AnswerEntry("materi-bimtek", 1.0, 0, expected)


@pytest.mark.parametrize(
    ("context", "text"),
    [
        (Context(query="jumlah;;;;"), "tahun berikutnya?"),
        (Context(query="daftar;;;2018;"), "buku terakhir"),
        (Context(entry="penandatanganan-mou", year=2019), "bimtek berikutnya"),
        (Context(), "yang terakhir"),
    ],
)
def test_a_step_to_nowhere_is_none(mind: Mind, context: Context, text: str) -> None:
    found = outcome(text, mind, context)
    assert not isinstance(found, AskTable)
    assert not (isinstance(found, AnswerEntry) and found.year)


def test_a_step_beyond_the_last_number_tells_of_all(mind: Mind) -> None:
    found = outcome("selanjutnya?", mind, Context(entry="materi-bimtek", number=4))
    assert found == AnswerEntry("materi-bimtek", 1.0)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("tahun 2018 berapa yang diundang", "undangan-dan-terpilih"),
        ("hasil dari bimtek ke 2 apa saja", "materi-bimtek"),
    ],
)
def test_an_entry_answers_what_a_pattern_is_near_to_but_does_not(mind: Mind, text: str, entry: str) -> None:
    found = outcome(text, mind)
    assert isinstance(found, AnswerEntry)
    assert found.entry == entry


@pytest.mark.parametrize(
    ("text", "expected"),
    [("apakah sudah masuk 2019", "anggota;35.24;;2019;"), ("masuk tahun berapa", "anggota;35.24;;;")],
)
def test_a_question_without_a_place_is_about_the_last_one(mind: Mind, text: str, expected: str) -> None:
    assert query(text, mind, Context(query="anggota;35.24;;2018;")) == expected


@pytest.mark.parametrize(
    ("entry", "text", "year", "number"),
    [
        ("syarat-seleksi", "kalau 2019?", 2019, 0),
        ("materi-bimtek", "yang IV?", 0, 4),
        ("buku-masterplan", "yang II", 0, 2),
    ],
)
def test_a_follow_up_on_an_entry_asks_for_its_variant(
    mind: Mind, entry: str, text: str, year: int, number: int
) -> None:
    found = outcome(text, mind, Context(entry=entry))
    assert isinstance(found, AnswerEntry)
    assert (found.entry, found.year, found.number) == (entry, year, number)


@pytest.mark.parametrize("text", ["2018", "kalau 2018?", "yang 2018"])
def test_a_year_alone_after_nothing_is_asked_about(mind: Mind, text: str) -> None:
    assert outcome(text, mind) == AskAboutYear((2018,))


@pytest.mark.parametrize("text", ["apa syarat seleksi tahun 2019", "kapan MoU 2019 ditandatangani"])
def test_a_question_of_its_own_does_not_continue_the_last_one(mind: Mind, text: str) -> None:
    found = outcome(text, mind, Context(query="anggota;35.24;;2018;"))
    assert not isinstance(found, AskTable)


# --- whose region ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("daerah saya kabupaten siak", SetRegion((SIAK,), sure=True)),
        ("ganti daerah saya menjadi siak", SetRegion((SIAK,), sure=True)),
        ("my region is siak", SetRegion((SIAK,), sure=True)),
        ("saya dari siak", SetRegion((SIAK,), sure=False)),
        ("kami dari bappeda siak", SetRegion((SIAK,), sure=False)),
    ],
)
def test_a_region_is_set_when_said_and_offered_when_mentioned(mind: Mind, text: str, expected: SetRegion) -> None:
    assert outcome(text, mind) == expected


@pytest.mark.parametrize("text", ["siak", "Kabupaten Siak", "saya dari siak", "daerah saya siak"])
def test_a_region_that_was_asked_for_continues_the_question(mind: Mind, text: str) -> None:
    waiting = RegionQuery(QueryKind.MEMBERSHIP, years=(2018,), mine=True)
    assert outcome(text, mind, Context(pending=waiting.encode())) == SetRegion((SIAK,), sure=True, then=waiting)


def test_an_ambiguous_answer_to_which_region_is_asked_back(mind: Mind) -> None:
    waiting = RegionQuery(QueryKind.MEMBERSHIP, years=(2018,), mine=True)
    found = outcome("bandung", mind, Context(pending=waiting.encode()))
    assert found == AskWhichRegion(waiting, ("32.04", "32.73"), "bandung")


def test_another_question_is_not_taken_for_the_region_asked_for(mind: Mind) -> None:
    waiting = Context(pending=RegionQuery(QueryKind.MEMBERSHIP, mine=True).encode())
    assert not isinstance(outcome("siapa saja yang seangkatan dengan siak", mind, waiting), SetRegion)
    assert not isinstance(outcome("apa syarat seleksi", mind, waiting), SetRegion)


# --- questions on the last answer -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meta"),
    [
        ("sumbernya dari mana", Meta.SOURCE),
        ("what is the source", Meta.SOURCE),
        ("lebih detail dong", Meta.DETAIL),
        ("bukan itu maksud saya", Meta.NOT_THAT),
        ("berapa itu", Meta.TALLY),
    ],
)
def test_a_question_on_the_last_answer_is_understood_as_one(mind: Mind, text: str, meta: Meta) -> None:
    assert outcome(text, mind, Context(query="daftar;;;2018;")) == AskMeta(meta)


# --- entries --------------------------------------------------------------------------------------------------------


ASKED = "Bagaimana susunan Dewan Smart City?"


def test_above_the_answer_cut_the_best_entry_answers(mind: Mind) -> None:
    found = outcome(ASKED, with_cuts(mind, ALWAYS, ALWAYS))
    assert isinstance(found, AnswerEntry)
    assert found.entry == interpret(ASKED, mind).ranking.candidates[0].label


def test_between_the_cuts_up_to_three_entries_are_offered_best_first(mind: Mind) -> None:
    found = outcome(ASKED, with_cuts(mind, NEVER, ALWAYS))
    assert isinstance(found, OfferEntries)
    assert 1 < len(found.options) <= 3
    scores = [option.score for option in found.options]
    assert scores == sorted(scores, reverse=True)
    assert all(isinstance(o, AskTable) or o.entry in mind.knowledge.entries for o in found.options)


def test_below_the_decline_cut_nothing_is_offered(mind: Mind) -> None:
    found = outcome(ASKED, with_cuts(mind, NEVER, NEVER))
    assert isinstance(found, Decline)
    assert not found.nonsense
    assert found.off_topic is None


def test_the_runners_up_are_kept_for_bukan_itu(mind: Mind) -> None:
    found = outcome(ASKED, with_cuts(mind, ALWAYS, ALWAYS))
    assert isinstance(found, AnswerEntry)
    assert 0 < len(found.runners_up) <= 3
    assert found.entry not in found.runners_up


def changed(mind: Mind, entry: str, **fields: object) -> Mind:
    entries = {**mind.knowledge.entries, entry: replace(mind.knowledge.entries[entry], **fields)}  # type: ignore[arg-type]
    return replace(mind, knowledge=replace(mind.knowledge, entries=entries))


@pytest.mark.parametrize(("threshold", "kind"), [(0.0, AnswerEntry), (NEVER, OfferEntries)])
def test_the_own_cut_of_an_entry_wins_over_the_common_one(mind: Mind, threshold: float, kind: type[Outcome]) -> None:
    top = interpret(ASKED, mind).ranking.candidates[0].label
    unsure = with_cuts(mind, NEVER if threshold == 0.0 else ALWAYS, ALWAYS)
    assert isinstance(outcome(ASKED, changed(unsure, top, threshold=threshold)), kind)


def test_an_entry_that_must_not_be_suggested_is_not_offered(mind: Mind) -> None:
    unsure = with_cuts(mind, NEVER, ALWAYS)
    before = outcome(ASKED, unsure)
    assert isinstance(before, OfferEntries)
    hidden = next(option.entry for option in before.options if isinstance(option, Scored))
    after = outcome(ASKED, changed(unsure, hidden, suggestable=False))
    assert isinstance(after, OfferEntries)
    assert hidden not in [option.entry for option in after.options if isinstance(option, Scored)]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [("apa syarat seleksi tahun 2019", "year", 2019), ("apa isi bimtek III", "number", 3)],
)
@pytest.mark.parametrize("answer_cut", [ALWAYS, NEVER], ids=["answered", "offered"])
def test_the_year_or_number_said_goes_along(mind: Mind, text: str, field: str, value: int, answer_cut: float) -> None:
    found = outcome(text, with_cuts(mind, answer_cut, ALWAYS))
    assert isinstance(found, AnswerEntry | OfferEntries)
    assert getattr(found, field) == value


# --- declined -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["malam mas", "pagi kak", "sore mbak"])
def test_a_greeting_is_one_whoever_is_addressed(mind: Mind, text: str) -> None:
    """Two words can hardly be close to a phrasing when one of them is in none."""
    found = outcome(text, mind)
    assert isinstance(found, AnswerEntry)
    assert found.entry == "salam"


@pytest.mark.parametrize("text", ["9", "7", "x", "b 2"])
def test_letters_and_digits_of_their_own_are_not_understood(mind: Mind, text: str) -> None:
    """They are near to any phrasing that holds a number or an abbreviation."""
    assert outcome(text, mind) == Decline(nonsense=True)


@pytest.mark.parametrize("text", ["kami pernah ikut program ini belum ya?", "daerah kami sudah terdaftar atau belum"])
def test_the_own_part_is_asked_of_the_table(mind: Mind, text: str) -> None:
    assert query(text, mind, own=LAMONGAN) == f"anggota;{LAMONGAN};;;"


def test_a_region_named_is_not_all_that_is_asked(mind: Mind) -> None:
    """Of what else a question about a region asks for, the table knows nothing."""
    assert not isinstance(outcome("berapa nilai kota semarang", mind), AskTable)


@pytest.mark.parametrize(
    "text",
    [
        "peserta 2019 ngapain aja",
        "siapa yang menandatangani mou 2018",
        "peserta 2018 bisa ikut lagi",
        "siapa saja yang tidak lolos 2018",
        "siapa saja yang tidak ikut 2018",
        "peserta yang gagal lolos 2018 siapa saja",
        "asesor lamongan 2018 siapa",
        "kami dari lamongan apakah harus bayar kalau ikut",
    ],
)
def test_a_year_is_not_enough_to_be_a_question_on_the_table(mind: Mind, text: str) -> None:
    """Where words besides the year ask for something else, no list is told."""
    assert not isinstance(outcome(text, mind), AskTable)


def test_a_guess_at_misspelt_words_is_not_offered(mind: Mind) -> None:
    """Of three words one is known as typed; that the others look like words of an entry is no reason to ask back."""
    assert isinstance(outcome("tawaran __class__ %s daerah {0}", with_cuts(mind, NEVER, 0.1)), Decline)


@pytest.mark.parametrize("text", ["", "  ", "?!", "😀👍🏽", "مرحبا بك", "asdf qwer zxcv", "12345 67890 qqqq"])
def test_what_holds_no_known_word_is_not_understood(mind: Mind, text: str) -> None:
    assert outcome(text, mind) == Decline(nonsense=True)


@pytest.mark.parametrize(
    ("text", "group"), [("prakiraan cuaca akhir pekan", "cuaca"), ("Bagaimana cuaca di lamongan besok?", "cuaca")]
)
def test_other_topics_are_declined_with_their_pointer(mind: Mind, text: str, group: str) -> None:
    found = outcome(text, mind)
    assert isinstance(found, Decline)
    assert found.off_topic is not None
    assert found.off_topic.id == group


# --- whatever is said -----------------------------------------------------------------------------------------------

CONTEXTS = [
    Context(),
    Context(query="anggota;35.24;;2018;"),
    Context(query="daftar;;32;;kota"),
    Context(entry="syarat-seleksi", runners_up=("cara-mendaftar",)),
    Context(pending="anggota;;;;!"),
]
WORDS = [
    "kalau",
    "2019",
    "yang",
    "kota",
    "bandung",
    "daerah",
    "saya",
    "jatim",
    "siapa",
    "IV",
    "itu",
    "bukan",
    "tahap 2",
]


@same_on_every_run
@given(
    st.text(max_size=40) | st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join),
    st.sampled_from(CONTEXTS),
    st.sampled_from([None, LAMONGAN]),
)
def test_every_question_has_an_outcome_and_always_the_same(
    mind: Mind, text: str, context: Context, own: str | None
) -> None:
    assert outcome(text, mind, context, own) == outcome(text, mind, context, own)
