"""What a person can do with the real knowledge and a real store, and what never happens to them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant import CONTEXT_LIFE, Assistant
from bot.dialogue.mind import Mind
from bot.model import Asker, Choice, Decision, Reply
from bot.store.store import Store

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SOON, LATER, TOMORROW = (NOW + wait for wait in (timedelta(minutes=1), timedelta(minutes=2), timedelta(days=1)))

ANI, BUDI = Asker("101", "101"), Asker("102", "102")
GROUP = "-1001"
ANI_IN_GROUP, BUDI_IN_GROUP = Asker("101", GROUP, group=True), Asker("102", GROUP, group=True)

LAMONGAN_2018 = "apakah lamongan masuk 2018"
AND_LAHAT = "kalau lahat?"
MY_REGION = "daerah saya masuk angkatan 2018?"
TWO_BANDUNGS = "bandung masuk tahun berapa"
ONLY_A_YEAR = "2018?"  # asked back: the list, the number, or none of these
OFF_TOPIC = "berapa harga cabai di pasar hari ini?"
STAFF, NONE = "Tanya petugas", "Bukan ini semua"

MEMORY = "sqlite+aiosqlite://"


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """An empty database."""
    opened = await Store.open(MEMORY)
    yield opened
    await opened.close()


@pytest.fixture
def bot(mind: Mind, store: Store) -> Assistant:
    """The bot without a staff chat."""
    return Assistant(mind, store)


@pytest.fixture
def staffed(mind: Mind, store: Store) -> Assistant:
    """The bot with a staff chat."""
    return Assistant(mind, store, staffed=True)


def labels(choices: tuple[Choice, ...]) -> list[str]:
    return [choice.label for choice in choices]


def offer(reply: Reply, label: str) -> str:
    """The id of what the reply offers under this label."""
    (ident,) = (choice.id for choice in (*reply.choices, *reply.actions) if choice.label == label)
    return ident


# Answers


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (LAMONGAN_2018, "Ya, Kabupaten Lamongan tercatat sebagai peserta tahun 2018"),
        ("syarat seleksinya apa aja min?", "kemampuan keuangan"),
        ("berapa peserta tahun 2018", "50"),
    ],
)
async def test_a_question_gets_its_answer(bot: Assistant, question: str, says: str) -> None:
    reply = await bot.ask(ANI, question, NOW)
    assert reply.decision is Decision.ANSWER
    assert says in reply.text


@pytest.mark.parametrize("question", [LAMONGAN_2018, "syarat seleksinya apa aja min?"])
async def test_an_answer_names_its_source(bot: Assistant, question: str) -> None:
    reply = await bot.ask(ANI, question, NOW)
    assert reply.footer.startswith("Sumber: ")


async def test_the_time_it_took_is_told(bot: Assistant) -> None:
    reply = await bot.ask(ANI, LAMONGAN_2018, NOW)
    assert 0 < reply.ms < 1000


async def test_every_question_has_its_own_number(bot: Assistant) -> None:
    first, second = [await bot.ask(ANI, LAMONGAN_2018, NOW) for _ in range(2)]
    assert 0 < first.question_id < second.question_id


# The last question, and whose it is


async def test_a_follow_up_continues_the_last_question(bot: Assistant) -> None:
    await bot.ask(ANI, LAMONGAN_2018, NOW)
    reply = await bot.ask(ANI, AND_LAHAT, SOON)
    assert "Kabupaten Lahat tidak tercantum dalam daftar peserta 2018" in reply.text


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param(ANI, BUDI, id="another-person"),
        pytest.param(ANI, ANI_IN_GROUP, id="same-person-in-a-group"),
        pytest.param(ANI_IN_GROUP, ANI, id="same-person-in-private"),
        pytest.param(ANI_IN_GROUP, BUDI_IN_GROUP, id="another-person-in-the-same-group"),
        pytest.param(ANI_IN_GROUP, replace(ANI_IN_GROUP, topic="7"), id="same-person-in-another-forum-topic"),
    ],
)
async def test_nobody_inherits_the_conversation_of_others(bot: Assistant, first: Asker, then: Asker) -> None:
    """A follow-up means nothing more to a second conversation than to somebody who has never asked."""
    await bot.ask(first, LAMONGAN_2018, NOW)
    stranger = Asker("999", "999")
    assert (await bot.ask(then, AND_LAHAT, SOON)).text == (await bot.ask(stranger, AND_LAHAT, SOON)).text
    assert "2018" in (await bot.ask(first, AND_LAHAT, SOON)).text


@pytest.mark.parametrize(
    ("wait", "remembered"),
    [
        pytest.param(CONTEXT_LIFE, True, id="at-the-last-moment"),
        pytest.param(CONTEXT_LIFE + timedelta(seconds=1), False, id="too-late"),
    ],
)
async def test_a_conversation_is_remembered_for_its_time(bot: Assistant, wait: timedelta, remembered: bool) -> None:
    await bot.ask(ANI, LAMONGAN_2018, NOW)
    reply = await bot.ask(ANI, AND_LAHAT, NOW + wait)
    assert ("daftar peserta 2018" in reply.text) is remembered


async def test_a_conversation_survives_a_restart(mind: Mind, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    before = await Store.open(url)
    await Assistant(mind, before).ask(ANI, LAMONGAN_2018, NOW)
    await before.close()
    after = await Store.open(url)
    reply = await Assistant(mind, after).ask(ANI, AND_LAHAT, SOON)
    await after.close()
    assert "Kabupaten Lahat tidak tercantum dalam daftar peserta 2018" in reply.text


# "Daerah saya"


async def test_the_region_is_asked_for_where_it_is_unknown(bot: Assistant) -> None:
    reply = await bot.ask(ANI, MY_REGION, NOW)
    assert reply.decision is Decision.CLARIFY
    assert reply.text.startswith("Saya belum tahu daerah Bapak/Ibu.")


async def test_the_waiting_question_is_answered_when_the_region_is_named(bot: Assistant) -> None:
    await bot.ask(ANI, MY_REGION, NOW)
    reply = await bot.ask(ANI, "Kabupaten Lamongan", SOON)
    assert "saya catat sebagai Kabupaten Lamongan" in reply.text
    assert "Ya, Kabupaten Lamongan tercatat sebagai peserta tahun 2018" in reply.text


async def test_the_region_is_still_known_tomorrow(bot: Assistant) -> None:
    await bot.ask(ANI, MY_REGION, NOW)
    await bot.ask(ANI, "lamongan", SOON)
    reply = await bot.ask(ANI, MY_REGION, TOMORROW)
    assert reply.text.startswith("Ya, Kabupaten Lamongan")


async def test_a_group_does_not_know_the_region_of_its_members(bot: Assistant) -> None:
    await bot.region(ANI, "Kabupaten Lamongan", NOW)
    reply = await bot.ask(ANI_IN_GROUP, MY_REGION, SOON)
    assert reply.text.startswith("Saya belum tahu daerah grup ini.")


async def test_the_region_of_a_group_holds_for_all_its_members(bot: Assistant) -> None:
    reply = await bot.region(ANI_IN_GROUP, "Kabupaten Lamongan", NOW)
    assert "daerah grup ini saya catat sebagai Kabupaten Lamongan" in reply.text
    assert (await bot.ask(BUDI_IN_GROUP, MY_REGION, SOON)).text.startswith("Ya, Kabupaten Lamongan")


async def test_a_person_does_not_take_the_region_of_a_group_home(bot: Assistant) -> None:
    await bot.region(ANI, "Kabupaten Siak", NOW)
    await bot.region(ANI_IN_GROUP, "Kabupaten Lamongan", SOON)
    assert "Kabupaten Siak" in (await bot.ask(ANI, MY_REGION, LATER)).text
    assert (await bot.ask(BUDI, MY_REGION, LATER)).decision is Decision.CLARIFY


async def test_the_region_is_shown(bot: Assistant) -> None:
    await bot.region(ANI, "kab lamongan", NOW)
    reply = await bot.region(ANI, "", SOON)
    assert reply.text.startswith("Daerah Bapak/Ibu tercatat sebagai Kabupaten Lamongan.")
    assert "peserta tahun 2018" in reply.text


async def test_a_region_that_is_not_set_is_asked_for(bot: Assistant) -> None:
    assert (await bot.region(ANI, " ", NOW)).text.startswith("Daerah Bapak/Ibu belum tercatat.")
    assert "Kabupaten Siak" in (await bot.ask(ANI, "siak", SOON)).text
    assert (await bot.region(ANI, "", LATER)).text.startswith("Daerah Bapak/Ibu tercatat sebagai Kabupaten Siak.")


async def test_a_region_that_does_not_exist_is_not_set(bot: Assistant) -> None:
    reply = await bot.region(ANI, "wakanda", NOW)
    assert reply.text.startswith("Saya belum menemukan daerah itu")
    assert (await bot.region(ANI, "", SOON)).decision is Decision.CLARIFY


async def test_a_name_of_two_regions_is_asked_back_before_it_is_set(bot: Assistant) -> None:
    reply = await bot.region(ANI, "bandung", NOW)
    assert labels(reply.choices) == ["Kabupaten Bandung", "Kota Bandung"]
    await bot.choose(ANI, offer(reply, "Kota Bandung"), SOON)
    assert "tercatat sebagai Kota Bandung" in (await bot.region(ANI, "", LATER)).text


async def test_the_region_can_be_forgotten(bot: Assistant) -> None:
    await bot.region(ANI, "Kabupaten Lamongan", NOW)
    card = await bot.region(ANI, "", SOON)
    await bot.choose(ANI, offer(card, "Hapus catatan daerah"), SOON)
    assert (await bot.ask(ANI, MY_REGION, LATER)).decision is Decision.CLARIFY


# Choosing


@pytest.mark.parametrize("said", ["2", "nomor 2", "yang kedua", "Kota Bandung", "kotanya"])
async def test_a_choice_can_be_typed(bot: Assistant, said: str) -> None:
    await bot.ask(ANI, TWO_BANDUNGS, NOW)
    assert (await bot.ask(ANI, said, SOON)).text.startswith("Kota Bandung tercatat")


async def test_a_choice_can_be_pressed_long_after(bot: Assistant) -> None:
    """A button carries what it means, so it outlives the conversation."""
    asked = await bot.ask(ANI, TWO_BANDUNGS, NOW)
    reply = await bot.choose(ANI, offer(asked, "Kota Bandung"), TOMORROW)
    assert reply.text.startswith("Kota Bandung tercatat")


async def test_none_of_these_is_a_choice_too(bot: Assistant) -> None:
    asked = await bot.ask(ANI, ONLY_A_YEAR, NOW)
    reply = await bot.choose(ANI, offer(asked, NONE), SOON)
    assert reply.decision is Decision.DECLINE
    assert reply.text.startswith("Baik. Mohon tulis pertanyaannya dengan kata lain")


HOSTILE = {
    "empty": "",
    "unknown-kind": "z:1",
    "no-kind": "syarat-seleksi",
    "entry-without-id": "e:",
    "entry-that-was-removed": "e:entri-lama",
    "entry-in-other-case": "E:syarat-seleksi",
    "path-instead-of-entry": "e:../../etc/passwd",
    "query-without-fields": "w:",
    "query-with-empty-fields": "w:;;;;",
    "query-with-too-many-fields": "w:anggota;35.24;;2018;;",
    "query-of-an-unknown-kind": "w:hapus;35.24;;2018;",
    "query-with-a-year-in-words": "w:anggota;35.24;;abc;",
    "region-that-was-removed": "w:anggota;99.99;;2018;",
    "province-that-was-removed": "w:daftar;;99;;",
    "type-that-does-not-exist": "w:daftar;;;2018;desa",
    "topic-that-was-removed": "t:topik-lama",
    "region-to-set-without-code": "d:",
    "region-to-set-that-was-removed": "d:99.99",
    "report-on-a-region-that-was-removed": "r:99.99",
    "report-on-nothing": "r:",
    "file-without-list": "f:",
    "file-of-an-empty-list": "f:daftar;;;1999;",
    "file-of-an-unknown-province": "f:daftar;;99;;",
    "none-of-what": "x",
    "none-of-a-forged-number": "x:abc",
    "staff-without-question": "h",
    "staff-for-an-empty-number": "h:",
    "staff-for-a-question-that-never-was": "h:999999",
    "staff-for-a-negative-number": "h:-1",
    "staff-for-a-number-beyond-any-database": "h:99999999999999999999",
    "staff-for-a-superscript": "h:²",
    "staff-for-code": "h:1 OR 1=1",
    "longer-than-any-button": "e:syarat-seleksi:" + "9" * 5000,
    "nul": "\x00",
    "half-a-surrogate-pair": "\ud800",
    "emoji": "😀",
    "membership-of-nothing": "w:anggota;;;;",
    "membership-of-nothing-of-mine": "w:anggota;;;;!",
    "neighbours-of-nothing": "w:seangkatan;;;;",
}


@pytest.mark.parametrize("ident", HOSTILE.values(), ids=HOSTILE)
async def test_an_id_that_means_nothing_gets_a_friendly_reply(staffed: Assistant, ident: str) -> None:
    reply = await staffed.choose(ANI, ident, NOW)
    assert reply.decision is Decision.DECLINE
    assert "ilakan tulis" in reply.text or "ilakan ketik" in reply.text or "ohon tulis" in reply.text


# Handing over to staff

NIK, PHONE = "3524010101900001", "081234567890"
PRIVATE = f"NIK saya {NIK} dan hp {PHONE}, kapan KTP saya jadi?"


@pytest.mark.parametrize("question", [OFF_TOPIC, PRIVATE])
async def test_staff_are_offered_where_there_is_no_answer(staffed: Assistant, question: str) -> None:
    reply = await staffed.ask(ANI, question, NOW)
    assert reply.decision is Decision.DECLINE
    assert labels(reply.actions) == [STAFF]


@pytest.mark.parametrize("question", [OFF_TOPIC, PRIVATE])
async def test_staff_are_not_offered_where_there_are_none(bot: Assistant, question: str) -> None:
    reply = await bot.ask(ANI, question, NOW)
    assert reply.decision is Decision.DECLINE
    assert reply.actions == ()


async def test_an_old_button_to_staff_says_that_there_are_none(bot: Assistant) -> None:
    asked = await bot.ask(ANI, OFF_TOPIC, NOW)
    reply = await bot.choose(ANI, f"h:{asked.question_id}", SOON)
    assert reply.text.startswith("Saat ini belum ada petugas")
    assert reply.ticket is None


async def test_a_press_hands_the_question_over(staffed: Assistant) -> None:
    asked = await staffed.ask(ANI_IN_GROUP, OFF_TOPIC, NOW)
    reply = await staffed.choose(ANI_IN_GROUP, offer(asked, STAFF), SOON, message_id=77)
    assert reply.ticket is not None
    (waiting,) = reply.ticket.askers
    assert (reply.ticket.question, waiting.asker, waiting.message_id) == (OFF_TOPIC, ANI_IN_GROUP, 77)
    assert f"nomor {reply.ticket.number}" in reply.text


@pytest.mark.parametrize("said", ["1", "tanya petugas"])
async def test_staff_can_be_chosen_by_typing(staffed: Assistant, said: str) -> None:
    await staffed.ask(ANI, OFF_TOPIC, NOW)
    reply = await staffed.ask(ANI, said, SOON, message_id=78)
    assert reply.ticket is not None
    assert (reply.ticket.question, reply.ticket.askers[0].message_id) == (OFF_TOPIC, 78)


async def test_after_none_of_these_the_first_question_is_handed_over(staffed: Assistant) -> None:
    asked = await staffed.ask(ANI, ONLY_A_YEAR, NOW)
    declined = await staffed.choose(ANI, offer(asked, NONE), SOON)
    reply = await staffed.choose(ANI, offer(declined, STAFF), LATER)
    assert reply.ticket is not None
    assert reply.ticket.question == ONLY_A_YEAR


def on_disk(folder: Path) -> str:
    return b"".join(file.read_bytes() for file in folder.iterdir()).decode(errors="replace")


async def test_neither_the_ticket_nor_the_database_holds_personal_numbers(mind: Mind, tmp_path: Path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    staffed = Assistant(mind, store, staffed=True)
    asked = await staffed.ask(ANI, PRIVATE, NOW)
    reply = await staffed.choose(ANI, offer(asked, STAFF), SOON)
    await store.close()
    assert reply.ticket is not None
    with closing(sqlite3.connect(tmp_path / "bot.db")) as database:
        ((logged,),) = database.execute("SELECT text FROM questions").fetchall()
    for kept in (reply.ticket.question, logged):
        assert "kapan KTP saya jadi" in kept
    everything = on_disk(tmp_path)
    for number in (NIK, PHONE):
        assert number not in reply.ticket.question
        assert number not in everything


async def test_staff_are_told_once_however_often_the_button_is_pressed(staffed: Assistant) -> None:
    asked = await staffed.ask(ANI, OFF_TOPIC, NOW)
    first = await staffed.choose(ANI, offer(asked, STAFF), NOW)
    assert first.ticket is not None
    await staffed.desk.bind(first.ticket.number, "-1003", 5)
    second = await staffed.choose(ANI, offer(asked, STAFF), SOON)
    assert second.ticket is None
    assert second.text == first.text


async def test_a_press_tells_staff_again_where_the_first_time_failed(staffed: Assistant) -> None:
    asked = await staffed.ask(ANI, OFF_TOPIC, NOW)
    first, second = [await staffed.choose(ANI, offer(asked, STAFF), NOW) for _ in range(2)]
    assert first.ticket is not None
    assert second.ticket == first.ticket


async def test_the_message_that_told_staff_leads_to_the_ticket(staffed: Assistant) -> None:
    asked = await staffed.ask(ANI, OFF_TOPIC, NOW)
    ticket = (await staffed.choose(ANI, offer(asked, STAFF), NOW)).ticket
    assert ticket is not None
    await staffed.desk.bind(ticket.number, "-1003", 5)
    found = await staffed.desk.shown_in("-1003", 5)
    assert found == replace(ticket, staff_chat="-1003", staff_message_id=5)
    assert await staffed.desk.shown_in("-1003", 6) is None


async def test_an_answered_ticket_is_closed_and_the_next_press_opens_another(staffed: Assistant) -> None:
    asked = await staffed.ask(ANI, OFF_TOPIC, NOW)
    ticket = (await staffed.choose(ANI, offer(asked, STAFF), NOW)).ticket
    assert ticket is not None
    await staffed.desk.bind(ticket.number, "-1003", 5)
    await staffed.desk.close(ticket, SOON)
    found = await staffed.desk.shown_in("-1003", 5)
    assert found is not None
    assert not found.open
    again = (await staffed.choose(ANI, offer(asked, STAFF), LATER)).ticket
    assert again is not None
    assert again.number > ticket.number


# Data that people bring, and files they take

REPORT = "2022, https://lahatkab.go.id/smart-city"


async def report_on_lahat(bot: Assistant) -> None:
    asked = await bot.ask(ANI, "apakah lahat masuk 2018", NOW)
    await bot.choose(ANI, offer(asked, "Laporkan data"), SOON)


async def test_missing_data_can_be_reported_to_staff(staffed: Assistant) -> None:
    await report_on_lahat(staffed)
    reply = await staffed.ask(ANI, REPORT, LATER)
    assert reply.ticket is not None
    assert reply.ticket.kind == "data"
    assert "Kabupaten Lahat" in reply.ticket.question
    assert REPORT in reply.ticket.question
    assert f"nomor {reply.ticket.number} " in reply.text


async def test_a_report_is_kept_where_there_is_no_staff_chat(bot: Assistant, store: Store) -> None:
    await report_on_lahat(bot)
    reply = await bot.ask(ANI, REPORT, LATER)
    assert reply.ticket is None
    assert [ticket.kind for ticket in await store.tickets.unsettled()] == ["data"]


async def test_a_report_can_be_called_off(bot: Assistant, store: Store) -> None:
    await report_on_lahat(bot)
    await bot.ask(ANI, "batal", LATER)
    assert await store.tickets.unsettled() == ()
    assert (await bot.ask(ANI, LAMONGAN_2018, LATER)).text.startswith("Ya, Kabupaten Lamongan")


async def test_a_list_comes_as_a_file(bot: Assistant) -> None:
    listed = await bot.ask(ANI, "daftar peserta 2018", NOW)
    reply = await bot.choose(ANI, offer(listed, "Kirim sebagai berkas Excel"), SOON)
    assert reply.file is not None
    assert reply.file.name == "peserta-tahun-2018.xlsx"
    assert reply.file.content.startswith(b"PK")


# Commands


async def test_the_welcome_asks_for_the_region(bot: Assistant) -> None:
    reply = await bot.welcome(ANI, NOW)
    assert "Tanya Smart City" in reply.text
    assert "dari daerah mana" in reply.text
    assert "saya catat sebagai Kabupaten Siak" in (await bot.ask(ANI, "Kabupaten Siak", SOON)).text


async def test_the_welcome_may_be_answered_with_a_question(bot: Assistant) -> None:
    await bot.welcome(ANI, NOW)
    assert (await bot.ask(ANI, LAMONGAN_2018, SOON)).text.startswith("Ya, Kabupaten Lamongan")
    assert (await bot.region(ANI, "", LATER)).decision is Decision.CLARIFY


async def test_the_welcome_shows_what_is_known_of_the_region(bot: Assistant) -> None:
    await bot.region(ANI, "Kabupaten Lamongan", NOW)
    reply = await bot.welcome(ANI, SOON)
    assert "Tanya Smart City" in reply.text
    assert "tercatat sebagai Kabupaten Lamongan" in reply.text
    assert "peserta tahun 2018" in reply.text


async def test_the_cohorts_are_offered_by_year(bot: Assistant, mind: Mind) -> None:
    reply = await bot.cohorts(ANI, "", NOW)
    assert labels(reply.choices) == [str(year) for year in mind.table.years]
    for listed in (await bot.choose(ANI, offer(reply, "2018"), SOON), await bot.cohorts(ANI, "2018", SOON)):
        assert "Kabupaten Lamongan" in listed.text


async def test_a_cohort_can_be_chosen_by_its_place_in_the_list(bot: Assistant, mind: Mind) -> None:
    await bot.cohorts(ANI, "", NOW)
    reply = await bot.ask(ANI, str(mind.table.years.index(2018) + 1), SOON)
    assert "Kabupaten Lamongan" in reply.text


async def test_the_topics_lead_to_an_answer(bot: Assistant, mind: Mind) -> None:
    shelves = bot.topics()
    assert labels(shelves.choices) == [topic.title for topic in mind.knowledge.topics]
    shelf = await bot.choose(ANI, shelves.choices[0].id, NOW)
    first, *_, back = shelf.choices
    answer = await bot.choose(ANI, first.id, SOON)
    assert mind.knowledge.entries[answer.entries[0]].title == first.label
    assert labels((await bot.choose(ANI, back.id, LATER)).choices) == labels(shelves.choices)


def test_the_bot_says_who_it_is_and_how_fresh(bot: Assistant, mind: Mind) -> None:
    text = bot.about().text
    assert f"{len(mind.knowledge.entries)} jawaban" in text
    assert mind.knowledge.version in text


def test_the_help_names_every_command(bot: Assistant) -> None:
    text = bot.help().text
    assert [command for command in ("/topik", "/daerah", "/angkatan", "/tentang") if command not in text] == []


# Odd messages

ODD = {
    "empty": "",
    "spaces": " \n\t ",
    "ten-thousand-characters": "apakah daerah " * 715,
    "emoji-only": "🦖🌋",
    "right-to-left": "\u202eمرحبا بالعالم\u202c",
    "html": "<b>x</b> & <script>alert(1)</script>",
    "markdown": "[x](http://a) *_`~` ||y||",
    "control-characters": "\x00\x07\x1b[31m\x7f",
    "half-a-surrogate-pair": "\ud83d",
    "zero-width": "\u200b\u200d\ufeff",
    "digits": "9" * 400,
    "placeholder": "{daerah} {0} %s {tawaran.__class__}",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
async def test_an_odd_message_is_answered_calmly(bot: Assistant, text: str) -> None:
    reply = await bot.ask(ANI, text, NOW)
    assert reply.decision is not Decision.ANSWER
    assert "maaf" in reply.text.casefold() or "mohon tulis" in reply.text.casefold()


@pytest.mark.parametrize("text", ["<b>apakah</b> lamongan masuk 2018", "apakah\u200b lamongan\tmasuk\x00 2018 🙏🙏"])
async def test_a_question_is_understood_in_spite_of_odd_characters(bot: Assistant, text: str) -> None:
    assert (await bot.ask(ANI, text, NOW)).text.startswith("Ya, Kabupaten Lamongan")


WORDS = (
    "apa siapa kapan berapa daftar jumlah kalau yang kota kab bandung lamongan lahat jatim jawa barat provinsi saya"
    " kami daerah 2018 2019-2021 '17 tahap II bimtek 3 sumber bukan itu semua petugas dan terus ? ! . , ; 1 2 0 99"
)
messages = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS.split()), max_size=9).map(" ".join))


@given(st.lists(st.tuples(st.sampled_from(["ask", "choose", "region", "cohorts"]), messages), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_nothing_anybody_says_raises(mind: Mind, said: list[tuple[str, str]]) -> None:
    """Whatever is said at any door in any order, there is something to read and every button fits."""
    for reply in asyncio.run(_conversation(mind, said)):
        assert reply.text.strip()
        assert all(0 < len(choice.id.encode()) <= 64 for choice in (*reply.choices, *reply.actions))


async def _conversation(mind: Mind, said: list[tuple[str, str]]) -> list[Reply]:
    store = await Store.open(MEMORY)
    try:
        assistant = Assistant(mind, store, staffed=True)
        return [await getattr(assistant, door)(ANI, text, NOW) for door, text in said]
    finally:
        await store.close()


# Whether it helped


@pytest.mark.parametrize(
    ("question", "ratable"),
    [
        pytest.param(LAMONGAN_2018, True, id="table"),
        pytest.param("syarat seleksinya apa aja min?", True, id="entry"),
        pytest.param("syarat seleksinya apa, dan apakah lamongan masuk 2018?", True, id="two-questions"),
        pytest.param(OFF_TOPIC, True, id="declined"),
        pytest.param(TWO_BANDUNGS, False, id="asked-back"),
        pytest.param("halo", False, id="greeting"),
        pytest.param("terima kasih", False, id="thanks"),
        pytest.param("kamu bot ya?", False, id="about-the-bot"),
    ],
)
async def test_only_answers_can_be_rated(bot: Assistant, question: str, ratable: bool) -> None:
    assert (await bot.ask(ANI, question, NOW)).ratable is ratable


async def test_a_chosen_answer_can_be_rated_but_no_refusal_of_choices(bot: Assistant) -> None:
    asked = await bot.ask(ANI, ONLY_A_YEAR, NOW)
    assert not (await bot.choose(ANI, offer(asked, NONE), SOON)).ratable
    assert (await bot.choose(ANI, asked.choices[0].id, SOON)).ratable
    assert not (await bot.choose(ANI, "e:tidak-ada", SOON)).ratable


async def test_commands_are_not_rated(bot: Assistant) -> None:
    replies = [await bot.welcome(ANI, NOW), await bot.cohorts(ANI, "2018", NOW), await bot.region(ANI, "Lamongan", NOW)]
    replies += [await bot.region(ANI, "", NOW), await bot.welcome(ANI, NOW), await bot.privacy(ANI, NOW), bot.help()]
    assert not any(reply.ratable for reply in replies)
    assert (await bot.welcome(ANI, NOW, "syarat-seleksi")).ratable


@pytest.mark.parametrize(("question", "kept"), [(1, True), (2, False), (0, False), (-1, False), (2**40, False)])
async def test_a_rating_belongs_to_a_question_of_the_log(bot: Assistant, question: int, kept: bool) -> None:
    await bot.ask(ANI, LAMONGAN_2018, NOW)
    assert await bot.rate(question, -1, SOON) is kept


# Deep links


@pytest.mark.parametrize(
    "payload", ["tidak-ada", "daerah-0000", "daerah-35", "daerah-35.24", "e:syarat-seleksi", "x" * 64]
)
async def test_a_link_that_means_nothing_greets(bot: Assistant, payload: str) -> None:
    assert (await bot.welcome(ANI, NOW, payload)).text == (await bot.welcome(BUDI, NOW)).text


async def test_a_link_offers_a_region_and_does_not_set_it(bot: Assistant) -> None:
    offered = await bot.welcome(ANI, NOW, "daerah-3524")
    assert labels(offered.choices) == ["Ya, ingat Kabupaten Lamongan"]
    assert "belum tercatat" in (await bot.region(ANI, "", NOW)).text
    await bot.welcome(ANI, NOW, "daerah-3524")
    assert "Kabupaten Lamongan" in (await bot.ask(ANI, "ya", SOON)).text
    assert "Kabupaten Lamongan" in (await bot.region(ANI, "", SOON)).text


# What is kept of a person


async def test_what_is_kept_is_told(bot: Assistant) -> None:
    before = (await bot.privacy(ANI, NOW)).text
    assert "belum dicatat" in before
    assert "180 hari" in before
    assert "30 menit" in before
    await bot.region(ANI, "Lamongan", NOW)
    assert "Kabupaten Lamongan" in (await bot.privacy(ANI, SOON)).text


@pytest.mark.parametrize("typed", [True, False])
async def test_everything_kept_is_deleted_after_a_confirmation(staffed: Assistant, store: Store, typed: bool) -> None:
    await staffed.region(ANI, "Lamongan", NOW)
    declined = await staffed.ask(ANI, "berapa ambang nilai kelulusan seleksi?", NOW)
    await staffed.choose(ANI, offer(declined, STAFF), NOW)
    asked = await staffed.offer_to_forget(ANI, SOON)
    done = await (staffed.ask(ANI, "1", SOON) if typed else staffed.choose(ANI, asked.choices[0].id, SOON))
    assert "sudah dihapus" in done.text
    assert await store.forget(ANI.person) == 0


async def test_nothing_is_deleted_without_a_confirmation(bot: Assistant) -> None:
    await bot.region(ANI, "Lamongan", NOW)
    asked = await bot.offer_to_forget(ANI, SOON)
    await bot.choose(ANI, asked.choices[1].id, SOON)
    assert "Kabupaten Lamongan" in (await bot.region(ANI, "", SOON)).text


async def test_nobody_deletes_from_a_group(bot: Assistant) -> None:
    await bot.region(ANI, "Lamongan", NOW)
    assert (await bot.choose(ANI_IN_GROUP, "Z", SOON)).notice
    assert "Kabupaten Lamongan" in (await bot.region(ANI, "", SOON)).text


# Searching


async def test_a_search_leaves_no_trace(bot: Assistant) -> None:
    await bot.ask(ANI, LAMONGAN_2018, NOW)
    for text in ("", "syarat", "apakah siak masuk 2019"):
        assert await bot.search(text, SOON, 5)
    assert "2018" in (await bot.ask(ANI, AND_LAHAT, SOON)).text
    assert (await bot.ask(ANI, LAMONGAN_2018, SOON)).question_id == 3


async def test_what_is_asked_most_is_found_before_anything_is_typed(bot: Assistant) -> None:
    for _ in range(2):
        await bot.ask(ANI, "apa itu quick win?", NOW)
    await bot.ask(ANI, "syarat seleksinya apa aja min?", NOW)
    found = [finding.id for finding in await bot.search(" ", SOON, 3)]
    assert found[:2] == ["e:pengertian-quick-win", "e:syarat-seleksi"]
    assert len(found) == 3
    later = [finding.id for finding in await bot.search("", NOW + timedelta(days=31), 3)]
    assert "e:pengertian-quick-win" not in later
