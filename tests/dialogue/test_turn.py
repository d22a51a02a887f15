"""Turns: whole dialogues as data, what each reply leaves behind for the next, and buttons old and forged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.compose import Setting, entry_id
from bot.dialogue.mind import Mind
from bot.dialogue.model import LONGEST_ID, NONE, STAFF, Context, QueryKind, RegionQuery
from bot.dialogue.table import table_reply
from bot.dialogue.turn import Turn, take_choice, take_turn, topics
from bot.model import Choice, Decision, EntryKind

TODAY = date(2026, 11, 21)
PRIVATE, GROUP, STAFFED = Setting(TODAY), Setting(TODAY, group=True), Setting(TODAY, staffed=True)
GROUP_ADMIN = Setting(TODAY, group=True, in_charge=True)
LAMONGAN, SIAK = "35.24", "14.08"
same_on_every_run = settings(derandomize=True, deadline=None, max_examples=80)


def say(
    text: str, mind: Mind, context: Context | None = None, own: str | None = None, setting: Setting = PRIVATE
) -> Turn:
    return take_turn(text, context or Context(), mind, setting, own)


def press(choice: str, mind: Mind, context: Context | None = None, setting: Setting = PRIVATE) -> Turn:
    return take_choice(choice, context or Context(), mind, setting)


def told(turn: Turn) -> str:
    """What a turn did, in the notation of the dialogues below."""
    reply = turn.reply
    if reply.decision is Decision.CLARIFY:
        return " ".join(["?", *(choice.id for choice in reply.choices if choice.id != NONE)])
    if reply.decision is Decision.DECLINE:
        return "declined"
    if turn.kind == "smalltalk":
        return f"small talk {reply.entries[0]}"
    return f"w:{turn.context.query}" if turn.context.query else entry_id(*_entry_of(turn.context))


def _entry_of(context: Context) -> tuple[str, int, int]:
    return context.entry, context.year, context.number


# What a person says (or, behind ">", which button they press), and what must come of it: "w:…" a table question and
# "e:…" an entry, encoded as in buttons; "?" a question back, with the ids of its choices. A region that is remembered
# in one step is the person's own in the next.
DIALOGUES = {
    "another year": [
        ("apakah lamongan masuk 2018", "w:anggota;35.24;;2018;"),
        ("kalau 2019?", "w:anggota;35.24;;2019;"),
        ("bagaimana dengan 2021", "w:anggota;35.24;;2021;"),
    ],
    "another region": [
        ("apakah lamongan masuk 2018", "w:anggota;35.24;;2018;"),
        ("kalau lahat?", "w:anggota;16.04;;2018;"),
        ("siak juga?", "w:anggota;14.08;;2018;"),
    ],
    "another province, then a kind": [
        ("daftar peserta 2018", "w:daftar;;;2018;"),
        ("kalau di jabar", "w:daftar;;32;2018;"),
        ("yang kota saja", "w:daftar;;32;2018;kota"),
        ("kabupatennya", "w:daftar;;32;2018;kabupaten"),
        ("kalau jatim", "w:daftar;;35;2018;kabupaten"),
    ],
    "how many were those": [
        ("daftar peserta 2018", "w:daftar;;;2018;"),
        ("berapa itu", "w:jumlah;;;2018;"),
        ("kalau 2019", "w:jumlah;;;2019;"),
    ],
    "the twin of a region": [
        ("apakah kota bandung masuk 2018", "w:anggota;32.73;;2018;"),
        ("kabupatennya?", "w:anggota;32.04;;2018;"),
    ],
    "variants by number": [
        (">e:materi-bimtek::2", "e:materi-bimtek::2"),
        ("yang IV?", "e:materi-bimtek::4"),
    ],
    "variants by year": [
        (">e:syarat-seleksi", "e:syarat-seleksi"),
        ("kalau 2019?", "e:syarat-seleksi:2019:"),
        ("kalau 2018?", "e:syarat-seleksi:2018:"),
    ],
    "asked back, answered in words": [
        ("apakah bandung masuk 2018", "? w:anggota;32.04;;2018; w:anggota;32.73;;2018;"),
        ("yang kota", "w:anggota;32.73;;2018;"),
        ("kalau 2017", "w:anggota;32.73;;2017;"),
    ],
    "asked back, answered by a digit": [
        ("apakah bandung masuk 2018", "? w:anggota;32.04;;2018; w:anggota;32.73;;2018;"),
        ("1", "w:anggota;32.04;;2018;"),
    ],
    "asked back, answered by the label": [
        ("apakah banjar sudah masuk", "? w:anggota;32.79;;; w:anggota;63.03;;;"),
        ("Kota Banjar (Jawa Barat)", "w:anggota;32.79;;;"),
    ],
    "asked back, answered by the province": [
        ("apakah banjar sudah masuk", "? w:anggota;32.79;;; w:anggota;63.03;;;"),
        ("yang kalsel", "w:anggota;63.03;;;"),
    ],
    "asked back, answered by a button": [
        ("apakah bandung masuk 2018", "? w:anggota;32.04;;2018; w:anggota;32.73;;2018;"),
        (">w:anggota;32.73;;2018;", "w:anggota;32.73;;2018;"),
    ],
    "asked back, but another question comes": [
        ("apakah bandung masuk 2018", "? w:anggota;32.04;;2018; w:anggota;32.73;;2018;"),
        ("daftar peserta 2019", "w:daftar;;;2019;"),
        ("yang kota", "w:daftar;;;2019;kota"),
    ],
    "asked for the own region": [
        ("daerah saya masuk angkatan 2018", "?"),
        ("lamongan", "w:anggota;35.24;;2018;"),
        ("daerah kami sudah masuk belum", "w:anggota;35.24;;;"),
    ],
    "asked for the own region, answered with an ambiguous name": [
        ("daerah saya masuk angkatan 2018", "?"),
        ("bandung", "? w:anggota;32.04;;2018;! w:anggota;32.73;;2018;!"),
        ("2", "w:anggota;32.73;;2018;"),
        ("daerah kami sudah masuk belum", "w:anggota;32.73;;;"),
    ],
    "asked for the own region, to find its province": [
        ("di provinsi saya siapa saja yang ikut", "?"),
        ("lamongan", "w:daftar;;35;;"),
    ],
    "the own region, said at once": [
        ("daerah saya kabupaten siak", "w:anggota;14.08;;;"),
        ("daerah saya masuk angkatan 2018", "w:anggota;14.08;;2018;"),
        ("apakah lamongan masuk 2018", "w:anggota;35.24;;2018;"),
        ("daerah kami sudah masuk belum", "w:anggota;14.08;;;"),
    ],
    "the own region, offered and taken": [
        ("saya dari siak", "? d:14.08"),
        ("1", "w:anggota;14.08;;;"),
        ("kami ikut tahun berapa", "w:anggota;14.08;;;"),
    ],
    "the own region, offered and passed over": [
        ("saya dari siak", "? d:14.08"),
        ("apakah lamongan masuk 2018", "w:anggota;35.24;;2018;"),
        ("apakah daerah saya termasuk peserta", "?"),
    ],
    "small talk keeps the thread": [
        ("apakah lamongan masuk 2018", "w:anggota;35.24;;2018;"),
        ("terima kasih", "small talk terima-kasih"),
        ("kalau 2019?", "w:anggota;35.24;;2019;"),
    ],
    "a refusal keeps the thread": [
        ("apakah lamongan masuk 2018", "w:anggota;35.24;;2018;"),
        ("asdf qwer zxcv", "declined"),
        ("kalau 2019?", "w:anggota;35.24;;2019;"),
    ],
    "another topic leaves the region behind": [
        ("apakah lamongan masuk 2018", "w:anggota;35.24;;2018;"),
        (">e:jumlah-bimtek", "e:jumlah-bimtek"),
        ("kalau 2019?", "? w:daftar;;;2019; w:jumlah;;;2019;"),
    ],
    "a region asked about does not become the own one": [
        ("apakah lamongan masuk 2018", "w:anggota;35.24;;2018;"),
        ("apakah daerah saya termasuk peserta", "?"),
    ],
    "the region table leaves the entry behind": [
        (">e:syarat-seleksi", "e:syarat-seleksi"),
        ("apakah lamongan masuk 2018", "w:anggota;35.24;;2018;"),
        ("kalau 2019?", "w:anggota;35.24;;2019;"),
    ],
    "a question that waited for a region is dropped by another topic": [
        ("daerah saya masuk angkatan 2018", "?"),
        (">e:syarat-seleksi", "e:syarat-seleksi"),
        ("lamongan", "w:anggota;35.24;;;"),
        ("apakah daerah saya termasuk peserta", "?"),
    ],
    "corrections": [
        ("apakah siak masuk 2018", "w:anggota;14.08;;2018;"),
        ("eh maksudnya lamongan", "w:anggota;35.24;;2018;"),
        ("maksudnya 2019", "w:anggota;35.24;;2019;"),
    ],
    "in more detail is the same once more": [
        ("apakah lamongan masuk 2018", "w:anggota;35.24;;2018;"),
        ("lebih rinci", "w:anggota;35.24;;2018;"),
        (">e:syarat-seleksi:2019:", "e:syarat-seleksi:2019:"),
        ("lebih rinci", "e:syarat-seleksi:2019:"),
    ],
    "a bare year": [
        ("2018", "? w:daftar;;;2018; w:jumlah;;;2018;"),
        ("2", "w:jumlah;;;2018;"),
    ],
    "several questions, and the last one goes on": [
        ("apakah siak masuk 2017? apakah lamongan masuk 2018?", "w:anggota;35.24;;2018;"),
        ("kalau 2019?", "w:anggota;35.24;;2019;"),
    ],
}


@pytest.mark.parametrize("name", DIALOGUES)
def test_dialogue(mind: Mind, name: str) -> None:
    context, own = Context(), None
    for said, expected in DIALOGUES[name]:
        turn = press(said[1:], mind, context) if said.startswith(">") else say(said, mind, context, own)
        assert told(turn) == expected, f"{said!r}: {turn.reply.text}"
        context = Context.from_json(turn.context.to_json())  # as the store hands it to the next turn
        own = turn.remember if turn.remember is not None else own


# --- several questions ----------------------------------------------------------------------------------------------


def test_several_questions_are_answered_under_their_numbers(mind: Mind) -> None:
    reply = say("apakah lamongan masuk 2018? apakah siak masuk 2017?", mind).reply
    first, second = (
        table_reply(RegionQuery(QueryKind.MEMBERSHIP, (code,), years=(year,)), mind)
        for code, year in ((LAMONGAN, 2018), (SIAK, 2017))
    )
    assert reply.text == f"1. {first.text}\n{first.footer}\n\n2. {second.text}\n{second.footer}"
    assert reply.decision is Decision.ANSWER


def test_one_of_several_questions_asked_back_does_not_hide_the_answer_to_the_other(mind: Mind) -> None:
    reply = say("apakah bandung masuk 2018? apakah lamongan masuk 2018?", mind).reply
    assert reply.decision is Decision.ANSWER
    assert "Kabupaten Lamongan tercatat sebagai peserta tahun 2018" in reply.text
    assert [choice.label for choice in reply.choices] == ["Kabupaten Bandung", "Kota Bandung"]


# --- questions on the last answer -----------------------------------------------------------------------------------


def test_the_sources_of_an_entry_are_all_told_with_their_addresses(mind: Mind) -> None:
    entry = mind.knowledge.entries["syarat-seleksi"]
    text = say("what is the source", mind, Context(entry=entry.id)).reply.text
    sources = [mind.knowledge.sources[ident] for ident in entry.sources]
    assert text.count("\n- ") == len(sources)
    assert all(source.title in text and source.url in text for source in sources)


def test_the_sources_of_a_variant_are_its_own(mind: Mind) -> None:
    entry = next(e for e in mind.knowledge.entries.values() if any(v.year and v.sources for v in e.variants))
    variant = next(v for v in entry.variants if v.year and v.sources)
    text = say("what is the source", mind, Context(entry=entry.id, year=variant.year or 0)).reply.text
    assert text.count("\n- ") == len(variant.sources)
    assert all(mind.knowledge.sources[ident].title in text for ident in variant.sources)


def test_the_sources_of_a_table_answer_are_those_of_its_rows(mind: Mind) -> None:
    text = say("sumbernya dari mana", mind, Context(query="anggota;35.24;;2018;")).reply.text
    for row in mind.table.memberships(LAMONGAN):
        assert all(mind.knowledge.sources[ident].url in text for ident in row.sources)


@pytest.mark.parametrize("text", ["sumbernya dari mana", "lebih rinci", "berapa itu"])
def test_where_nothing_was_answered_the_whole_question_is_asked_for(mind: Mind, text: str) -> None:
    reply = say(text, mind).reply
    assert (reply.decision, reply.text) == (Decision.CLARIFY, mind.says("tanpa_jawaban_sebelumnya"))


def test_bukan_itu_offers_what_came_next(mind: Mind) -> None:
    context = Context(entry="syarat-seleksi", runners_up=("syarat-seleksi", "cara-mendaftar", "gone-meanwhile"))
    reply = say("bukan itu maksud saya", mind, context).reply
    assert (reply.decision, reply.text) == (Decision.CLARIFY, mind.says("bukan_itu"))
    assert [choice.id for choice in reply.choices] == ["e:cara-mendaftar", NONE]


def test_bukan_itu_speaks_of_the_question_before(mind: Mind) -> None:
    """It is noted there, and the choices and staff go back to it: "bukan itu" itself asks nothing."""
    context = Context(entry="syarat-seleksi", runners_up=("cara-mendaftar",), question=7)
    offered = say("bukan itu maksud saya", mind, context, setting=STAFFED)
    assert (offered.rejected, offered.picked, offered.asks) == ("7", True, False)
    assert [choice.id for choice in offered.reply.choices] == ["e:cara-mendaftar", f"{NONE}:7"]
    nothing_left = say("bukan itu maksud saya", mind, replace(context, runners_up=()), setting=STAFFED)
    assert (nothing_left.rejected, [a.id for a in nothing_left.reply.actions]) == ("7", [f"{STAFF}:7"])


def test_bukan_itu_after_choices_is_none_of_them(mind: Mind) -> None:
    offered = ((entry_id("cara-mendaftar"), "Cara mendaftar"), (f"{NONE}:7", "Bukan ini semua"))
    context = Context(choices=offered, runners_up=("cara-mendaftar",), question=7)
    typed, pressed = say("bukan itu", mind, context), press(f"{NONE}:7", mind, context)
    assert (typed.reply, typed.rejected) == (pressed.reply, "7")
    assert say("bukan itu", mind, typed.context).reply.choices == ()


def test_bukan_itu_without_anything_left_asks_for_other_words(mind: Mind) -> None:
    reply = say("bukan itu maksud saya", mind, Context(entry="syarat-seleksi")).reply
    assert reply.decision is Decision.DECLINE
    assert reply.text == mind.says("bukan_itu_habis", tawaran=mind.says("tawaran_topik"))


# --- whose region ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "remember"),
    [("daerah saya kabupaten siak", SIAK), ("saya dari siak", None), ("apakah siak masuk 2018", None)],
)
def test_a_region_is_remembered_only_where_a_person_says_it_is_theirs(
    mind: Mind, text: str, remember: str | None
) -> None:
    assert say(text, mind).remember == remember


@pytest.mark.parametrize(("setting", "whose"), [(PRIVATE, "daerah Bapak/Ibu"), (GROUP_ADMIN, "daerah grup ini")])
def test_setting_a_region_says_so_and_answers(mind: Mind, setting: Setting, whose: str) -> None:
    turn = press(f"d:{SIAK}", mind, setting=setting)
    assert turn.remember == SIAK
    assert whose in turn.reply.text
    assert turn.reply.text.endswith(table_reply(RegionQuery(QueryKind.MEMBERSHIP, (SIAK,)), mind).text)


@pytest.mark.parametrize("text", [f"d:{SIAK}", "daerah saya kabupaten siak", "saya dari siak"])
def test_a_member_of_a_group_speaks_only_for_the_conversation(mind: Mind, text: str) -> None:
    """What somebody says of their region is not written down for a whole group."""
    turn = press(text, mind, setting=GROUP) if text.startswith("d:") else say(text, mind, setting=GROUP)
    assert (turn.remember, turn.context.region) == (None, SIAK)
    assert turn.reply.text.startswith(mind.says("daerah_grup_percakapan", daerah="Kabupaten Siak"))
    assert turn.reply.choices == ()


def test_a_member_of_a_group_can_t_forget_its_region(mind: Mind) -> None:
    turn = press("D", mind, setting=GROUP)
    assert (turn.remember, turn.reply.notice) == (None, True)
    assert press("D", mind, setting=GROUP_ADMIN).remember == ""


def test_forgetting_a_region_forgets_the_conversation_too(mind: Mind) -> None:
    turn = press("D", mind, Context(query="anggota;35.24;;2018;", region=LAMONGAN))
    assert (turn.remember, turn.context) == ("", Context())


# --- reports of missing data ----------------------------------------------------------------------------------------


def test_a_missing_row_can_be_reported_with_year_and_proof(mind: Mind) -> None:
    asked = press("r:16.04", mind)
    assert asked.reply.decision is Decision.CLARIFY
    assert "Kabupaten Lahat" in asked.reply.text
    turn = say("2019, https://lahatkab.go.id/berita/7", mind, asked.context)
    assert "Kabupaten Lahat" in turn.reported
    assert "2019, https://lahatkab.go.id/berita/7" in turn.reported
    assert turn.context.report == ""


@pytest.mark.parametrize(
    ("text", "reported", "still_waiting"),
    [
        ("ikut 2019, surat B-349/DJAI/AI.01.02/06/2022", True, False),
        ("https://lahatkab.go.id/berita/7", False, True),
        ("batal", False, False),
        ("tidak jadi", False, False),
        ("apa syarat seleksi", False, False),
    ],
)
def test_a_report_needs_both_and_can_be_given_up(mind: Mind, text: str, reported: bool, still_waiting: bool) -> None:
    turn = say(text, mind, Context(report="16.04"))
    assert bool(turn.reported) == reported
    assert bool(turn.context.report) == still_waiting


def test_a_list_can_be_taken_along_as_a_file(mind: Mind) -> None:
    turn = press("f:daftar;;;2018;", mind)
    assert turn.sheet == RegionQuery(QueryKind.LIST, years=(2018,))
    assert str(len(mind.table.members(years=(2018,)))) in turn.reply.text


# --- entries that are out of date or have no data -------------------------------------------------------------------


def test_an_entry_past_its_last_day_is_said_to_be_renewed(mind: Mind) -> None:
    entry = mind.knowledge.entries["syarat-seleksi"]
    entries = {**mind.knowledge.entries, entry.id: replace(entry, valid_until=TODAY)}
    old = replace(mind, knowledge=replace(mind.knowledge, entries=entries))
    assert told(press("e:syarat-seleksi", old)) == "e:syarat-seleksi"
    late = press("e:syarat-seleksi", old, setting=Setting(TODAY + timedelta(1)))
    assert told(late) == "declined"
    assert "sedang diperbarui" in late.reply.text


def test_entries_without_data_decline_and_are_logged_as_such(mind: Mind) -> None:
    entries = [e.id for e in mind.knowledge.entries.values() if e.kind is EntryKind.NO_DATA]
    turns = {ident: press(f"e:{ident}", mind) for ident in entries}
    assert entries
    assert {turn.reply.decision for turn in turns.values()} == {Decision.DECLINE}
    assert {turn.kind for turn in turns.values()} == {"declined"}


# --- staff ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["asdf qwer zxcv", "prakiraan cuaca akhir pekan", ">e:kapasitas-fiskal-minimal", ">x", ">x:7"]
)
def test_a_refusal_offers_staff_where_there_are_any(mind: Mind, said: str) -> None:
    def staff(setting: Setting) -> list[Choice]:
        turn = press(said[1:], mind, setting=setting) if said[0] == ">" else say(said, mind, setting=setting)
        assert turn.reply.decision is Decision.DECLINE
        return [action for action in turn.reply.actions if action.id.partition(":")[0] == STAFF]

    assert [action.label for action in staff(STAFFED)] == ["Tanya petugas"]
    assert staff(PRIVATE) == []


def test_none_of_these_hands_over_the_question_it_was_offered_for(mind: Mind) -> None:
    assert press("x:7", mind, setting=STAFFED).reply.actions[-1].id == f"{STAFF}:7"


def test_an_answer_does_not_offer_staff(mind: Mind) -> None:
    actions = say("apakah lamongan masuk 2018", mind, setting=STAFFED).reply.actions
    assert STAFF not in [action.id for action in actions]


# --- buttons --------------------------------------------------------------------------------------------------------


def offered(turn: Turn) -> list[str]:
    choices = [*turn.reply.choices, *turn.reply.actions]
    return [choice.id for choice in choices if choice.id.partition(":")[0] != STAFF]  # staff are the assistant's


def reachable(mind: Mind) -> list[str]:
    """Choices of every entry and shelf, of the table's questions, and of everything asked back."""
    starts = ["t", *(f"t:{t.id}" for t in mind.knowledge.topics), *(f"e:{ident}" for ident in mind.knowledge.entries)]
    starts += [f"w:anggota;{code};;;" for code in mind.knowledge.regions]
    starts += [f"w:{kind};;;{year};" for kind in ("daftar", "jumlah") for year in (2018, 2020, 2022)]
    starts += ["w:daftar;;11,12,13,14,15,16,17,18,19,21;;", "w:jumlah;;31,32,33,34,35,36;;kota", "w:peringkat;;;;"]
    said = ["apakah bandung masuk 2018", "2018", "saya dari siak", "daerah saya bandung", "kalau 2017-2019", "jambi"]
    return [
        ident
        for turn in [*(press(start, mind) for start in starts), *(say(text, mind) for text in said)]
        for ident in offered(turn)
    ]


def test_every_choice_fits_a_button_and_still_means_something_when_pressed(mind: Mind) -> None:
    found = sorted(set(reachable(mind)))
    assert len(found) > 500
    assert not [ident for ident in found if not 1 <= len(ident.encode()) <= LONGEST_ID]
    expired = mind.says("tombol_kedaluwarsa")
    assert not [ident for ident in found if press(ident, mind).reply.text == expired]


def test_what_is_offered_can_also_be_chosen_by_its_digit(mind: Mind) -> None:
    for text in ("apakah bandung masuk 2018", "2018", "saya dari siak", "daftar peserta 2018"):
        turn = say(text, mind)
        for place, choice in enumerate([*turn.reply.choices, *turn.reply.actions], 1):
            assert say(str(place), mind, turn.context) == press(choice.id, mind, turn.context)


@pytest.mark.parametrize(
    "choice",
    [
        "",
        "e",
        "e:",
        "e:gone-meanwhile",
        "w:",
        "w:anggota",
        "w:anggota;;;;",
        "w:seangkatan;;;;",
        "w:anggota;99.99;;;",
        "w:daftar;;99;;",
        "w:daftar;;;dua ribu;",
        "d:99.99",
        "r:99.99",
        "f:",
        "f:daftar;;;2020;",
        "t:gone-meanwhile",
        "?",
    ],
)
def test_a_button_that_means_nothing_any_more_says_so(mind: Mind, choice: str) -> None:
    turn = press(choice, mind, Context(query="anggota;35.24;;2018;"))
    assert (turn.reply.decision, turn.reply.text) == (Decision.DECLINE, mind.says("tombol_kedaluwarsa"))
    assert turn.context.query == "anggota;35.24;;2018;", "the thread is kept"
    assert turn.remember is None


def test_the_shelves_hold_every_entry_but_small_talk_once(mind: Mind) -> None:
    shelved = [choice.id for topic in mind.knowledge.topics for choice in topics(topic.id, mind).choices]
    entries = {f"e:{e.id}" for e in mind.knowledge.entries.values() if e.kind is not EntryKind.SMALL_TALK}
    assert {ident for ident in shelved if ident.startswith("e:")} == entries
    assert shelved.count("t") == len(mind.knowledge.topics), "each shelf leads back to all"


@same_on_every_run
@given(st.text(max_size=70) | st.text("ewtdDrfxh:;,.!0123456789anggotdfrjumlh", max_size=64))
def test_no_forged_button_raises(mind: Mind, choice: str) -> None:
    turn = press(choice, mind)
    assert turn.reply.text.strip()
    assert turn.remember in {None, "", *mind.knowledge.regions}


# --- whatever is said -----------------------------------------------------------------------------------------------


def test_a_very_long_message_is_not_read(mind: Mind) -> None:
    turn = say("apakah lamongan masuk 2018? " * 80, mind, Context(query="daftar;;;2019;"))
    assert (turn.reply.decision, turn.reply.text) == (Decision.DECLINE, mind.says("terlalu_panjang"))
    assert turn.context.query == "daftar;;;2019;"


WORDS = ["kalau", "2019", "yang", "kota", "bandung", "daerah saya", "jatim", "siapa", "2", "itu", "bukan", "?", "IKN"]


@same_on_every_run
@given(
    st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join),
    st.sampled_from(["", "anggota;35.24;;2018;", "daftar;;32;;kota"]),
    st.sampled_from([None, LAMONGAN]),
    st.sampled_from([PRIVATE, GROUP, STAFFED]),
)
def test_every_message_gets_the_same_reply_every_time(
    mind: Mind, text: str, query: str, own: str | None, setting: Setting
) -> None:
    turn = say(text, mind, Context(query=query), own, setting)
    assert turn == say(text, mind, Context(query=query), own, setting)
    assert turn.reply.text.strip()
    assert "{" not in turn.reply.text
    assert 0.0 <= turn.reply.score <= 1.0
    assert all(1 <= len(choice.id.encode()) <= LONGEST_ID for choice in (*turn.reply.choices, *turn.reply.actions))
