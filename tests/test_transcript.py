"""One afternoon with the bot, as everybody sees it: ``pytest tests/test_transcript.py -s`` prints it.

Private chat, a group with topics, inline mode, and a ticket with three askers, with the real knowledge over real HTTP.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fake_telegram import FakeTelegram, Person
from running_bot import ANI, BUDI, CITRA, FORUM, GROUP, STAFF
from talking import talking
from transcript import Transcript

from bot.assistant import Assistant
from bot.dialogue.mind import Mind
from bot.store.store import Store

DEWI = Person(104, "Dewi")
TOPIC = 7
THRESHOLD = ("berapa ambang kelulusan asesmen", "ambang kelulusan asesmennya berapa ya")
ANSWER = "Ambang kelulusan tidak diumumkan; hasilnya disampaikan lewat surat."


@pytest.fixture
async def day(mind: Mind) -> AsyncIterator[Transcript]:
    """Everybody and the bot; what was said is printed in the end."""
    store = await Store.open("sqlite+aiosqlite://")
    async with FakeTelegram() as fake:
        for known in (STAFF, GROUP, FORUM):
            fake.joins(known)
        fake.admins[FORUM.id] = {CITRA.id}
        async with talking(fake, Assistant(mind, store, staffed=True), store) as talk:
            told = Transcript(talk, (ANI, BUDI, CITRA, DEWI), (GROUP, FORUM, STAFF))
            yield told
            print(told)
    await store.close()


async def test_private(day: Transcript, mind: Mind) -> None:
    """A link offers a region, an answer has its source, a follow-up continues, and an edited question its answer."""
    day.heading("Chat pribadi")
    (offer,) = await day.says(ANI, "/start daerah-3524")
    (card,) = await day.presses(ANI, offer, mind.says("daerah_tawaran_ya", daerah="Kabupaten Lamongan"))
    assert card.text.startswith(mind.says("daerah_disimpan", daerah="Kabupaten Lamongan"))
    (answer,) = await day.says(ANI, "min syarat ikut smartcity apa aja ya")
    assert "Sumber:" in answer.text
    assert "✓ 👍" in (await day.turns(ANI, answer, "👍")).labels
    (mine,) = await day.says(ANI, "daerah saya ikut tahun 2018?")
    (later,) = await day.says(ANI, "kalau 2019?")
    assert ("2018" in mine.text, "2019" in later.text) == (True, True)
    (first,) = await day.says(ANI, "apakah Siak ikut?")
    changed = await day.edits(ANI, "apakah Lahat ikut?")
    assert (changed.message["message_id"], "Lahat" in changed.text) == (first.message["message_id"], True)


async def test_group(day: Transcript, mind: Mind) -> None:
    """It introduces itself, obeys admins, answers in its topic, repeats nothing, and knows whose choice it is."""
    day.heading("Grup dengan topik")
    day.fake.adds_bot(BUDI, FORUM)
    await day.hears()
    (menu,) = await day.says(CITRA, "/pengaturan", FORUM)
    for label in (mind.says("tombol_atur_daerah"), "Jawa Timur", "Kabupaten Lamongan"):
        menu = await day.turns(CITRA, menu, label)
    (refused,) = await day.says(DEWI, "/daerah Kabupaten Siak", FORUM, TOPIC)
    assert refused.text.startswith("Daerah grup hanya dapat diganti oleh pengurusnya")
    (answer,) = await day.says(BUDI, "@TanyaSmartCityBot daerah kami ikut tahun berapa?", FORUM, TOPIC)
    assert ("Kabupaten Lamongan" in answer.text, answer.chat, answer.topic) == (True, FORUM.id, TOPIC)
    (pointer,) = await day.says(DEWI, "/tanya lamongan ikut program tahun berapa?", FORUM, TOPIC)
    assert pointer.reply_to == answer.message["message_id"]
    (asked,) = await day.says(BUDI, "/tanya apakah malang ikut?", FORUM, TOPIC)
    assert await day.toast(DEWI, asked, "Kota Malang") == mind.says("tombol_orang_lain")
    (chosen,) = await day.presses(BUDI, asked, "Kota Malang")
    assert (chosen.text.startswith("Kota Malang"), chosen.topic) == (True, TOPIC)


async def test_inline(day: Transcript) -> None:
    """Somebody sends an answer from another chat; the bot does not take it for a question."""
    day.heading("Mode inline")
    popular, results = await day.types(DEWI, ""), await day.types(DEWI, "syarat")
    assert popular.titles
    assert results.calls["is_personal"] is True
    assert "syarat" in results.titles[0].casefold()
    day.sends_result(DEWI, results, 0, GROUP)
    await day.talk.silence()


async def test_ticket(day: Transcript, mind: Mind) -> None:
    """Three people ask the same in three places; one reply of staff reaches each of them exactly once."""
    day.heading("Tiket dengan tiga penanya")
    staff = []
    places = [(ANI, None, None, ""), (BUDI, GROUP, None, "/tanya "), (DEWI, FORUM, TOPIC, "@TanyaSmartCityBot ")]
    for number, (person, group, topic, name) in enumerate(places):
        question = THRESHOLD[number % 2]
        (declined,) = await day.says(person, name + question, group, topic)
        heard = await day.presses(person, declined, mind.says("tombol_petugas"), answers=2)
        receipt, shown = sorted(heard, key=lambda sent: sent.chat == STAFF.id)
        assert receipt.text == mind.says("tiket_dibuka", nomor=1)
        staff.append(shown)
        if number:
            joined = mind.says("tiket_bergabung", nomor=1, jumlah=number + 1, pertanyaan=question)
            assert shown.text == joined.replace("*", "")
        else:
            await day.presses(ANI, receipt, mind.says("tombol_tiket_tambah"))
            await day.says(ANI, "untuk angkatan berikutnya, hp saya 081234567890", answers=2)
    await day.says(CITRA, "/tiket", STAFF)
    answers = await day.says(CITRA, ANSWER, STAFF, reply_to=staff[0], answers=4)
    reached = sorted((sent.chat, sent.topic or 0) for sent in answers if ANSWER in sent.text)
    assert reached == sorted([(ANI.id, 0), (GROUP.id, 0), (FORUM.id, TOPIC)])
    (closing,) = (sent for sent in answers if ANSWER not in sent.text)
    assert (closing.chat, mind.says("tiket_ditutup", nomor=1) in closing.text) == (STAFF.id, True)
    await day.says(CITRA, ANSWER, STAFF, reply_to=staff[0])
    await day.talk.silence()
    assert not [sent.text for sent in day.heard if "081234567890" in sent.text]
