"""The staff chat: tickets arrive there, and one reply reaches everybody who waits, each exactly once."""

from __future__ import annotations

from typing import Any

import pytest
from fake_telegram import FakeTelegram, Group, Json, Person, Sent
from running_bot import ANI, BUDI, CITRA, FORUM, GROUP, NOW, STAFF
from talking import Talk, talking

from bot.assistant import Assistant
from bot.dialogue.mind import Mind
from bot.store.store import Store

UNKNOWN = "berapa ambang kelulusan asesmen"
ALIKE = "ambang kelulusan asesmennya berapa ya"
OTHER_MATTER = "apakah ada honor untuk anggota pokja"
DENI = Person(104, "Deni")


Place = tuple[Group | None, int | None]
PRIVATE: Place = (None, None)


async def hand_over(
    talk: Talk, mind: Mind, question: str = UNKNOWN, person: Person = ANI, place: Place = PRIVATE
) -> tuple[Json, Sent, Sent]:
    """Somebody asks and presses "Tanya petugas": their question, what they are told, and what staff read."""
    group, topic = place
    asked = talk.fake.says(person, f"/tanya {question}", chat=group, topic=topic)
    offered = await talk.fake.next_message()
    told = await talk.press(offered, mind.says("tombol_petugas"), person)
    return asked, told, await talk.fake.next_message()


def replies(talk: Talk, shown: Sent, text: str = "Belum diumumkan.", **more: Any) -> Json:
    """A member of staff answers a message."""
    return talk.fake.says(CITRA, text, chat=STAFF, reply_to=shown, **more)


# The way of one ticket

PLACES = pytest.mark.parametrize(
    ("group", "topic"),
    [
        pytest.param(None, None, id="private"),
        pytest.param(GROUP, None, id="group"),
        pytest.param(FORUM, 77, id="forum topic"),
    ],
)


@PLACES
async def test_way_of_a_ticket(talk: Talk, mind: Mind, store: Store, group: Group | None, topic: int | None) -> None:
    """Staff read the question, reply, and the answer reaches the asker where they asked; then it is closed."""
    asked, told, shown = await hand_over(talk, mind, place=(group, topic))
    assert told.text == mind.says("tiket_dibuka", nomor="1")
    assert shown.chat == STAFF.id
    assert shown.text.startswith(f"Tiket 1\n{UNKNOWN}\n")
    reply = replies(talk, shown, "Ikut pada <2021> & 2022.")
    answer, receipt = await talk.everything()
    assert (answer.chat, answer.topic) == (group.id if group else ANI.id, topic)
    assert "Petugas" in answer.text
    assert "Ikut pada <2021> & 2022." in answer.text
    assert "Nomor 1 ditutup" in answer.text
    assert group is None or answer.reply_to == asked["message_id"]
    assert (receipt.chat, receipt.reply_to) == (STAFF.id, reply["message_id"])
    sent, closed = mind.says("tiket_terkirim", nomor="1", jumlah="1"), mind.says("tiket_ditutup", nomor="1")
    assert receipt.text.splitlines() == [sent, closed]
    assert await store.tickets.unsettled() == ()
    replies(talk, shown, "Satu lagi.")
    assert [message.text for message in await talk.everything()] == [mind.says("tiket_sudah_ditutup", nomor="1")]


async def test_what_staff_read(talk: Talk, mind: Mind) -> None:
    """The masked question, the asker's region and what the knowledge has nearest to it, with its scores."""
    await talk.ask("daerah saya Kabupaten Siak")
    _, _, shown = await hand_over(talk, mind, f"{UNKNOWN}, hubungi 081234567890")
    assert "081234567890" not in shown.text
    assert "[nomor telepon]" in shown.text
    assert mind.says("tiket_daerah", daerah="Kabupaten Siak") in shown.text
    _, nearest = shown.text.split(mind.says("tiket_terdekat"))
    titles = {entry.title for entry in mind.knowledge.entries.values()}
    listed = [line.removeprefix("- ").rpartition(" (") for line in nearest.splitlines() if line.startswith("- ")]
    assert 1 <= len(listed) <= 3
    assert {title for title, _, _ in listed} <= titles
    scores = [float(score.rstrip(")").replace(",", ".")) for _, _, score in listed]
    assert scores == sorted(scores, reverse=True)


async def test_the_region_of_a_group_is_told_and_nobodys_own(talk: Talk, mind: Mind) -> None:
    await talk.ask("daerah saya Kabupaten Siak")
    talk.fake.admins[GROUP.id] = {BUDI.id}
    await talk.ask("/daerah Kabupaten Lamongan", BUDI, GROUP)
    _, _, shown = await hand_over(talk, mind, place=(GROUP, None))
    assert mind.says("tiket_daerah", daerah="Kabupaten Lamongan") in shown.text
    assert "Siak" not in shown.text


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}, id="voice"),
        pytest.param({"sticker": {}}, id="sticker"),
    ],
)
async def test_reply_without_words(talk: Talk, mind: Mind, store: Store, content: Json) -> None:
    """A voice message can't be passed on; the ticket stays open."""
    _, _, shown = await hand_over(talk, mind)
    if "sticker" in content:
        plain = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1}
        content = {"sticker": plain | {"is_animated": False, "is_video": False}}
    replies(talk, shown, "", **content)
    assert [sent.text for sent in await talk.everything()] == [mind.says("hanya_teks")]
    assert len(await store.tickets.unsettled()) == 1


async def test_other_messages_are_those_of_any_group(talk: Talk, mind: Mind) -> None:
    """Who does not reply to a ticket asks, is answered, or just talks; a slash in an answer is no command."""
    _, _, shown = await hand_over(talk, mind)
    answered = await talk.ask("/tanya apakah Lamongan masuk 2018?", CITRA, STAFF)
    assert "Lamongan" in answered.text
    assert "2019" in (await talk.ask("kalau 2019?", CITRA, STAFF, reply_to=answered)).text
    await talk.stays_silent("rapat jam 9", CITRA, STAFF)
    replies(talk, shown, "/topik bisa dipakai")
    assert "/topik bisa dipakai" in (await talk.everything())[0].text


async def test_reply_in_another_group(talk: Talk, mind: Mind, store: Store) -> None:
    """Outside the staff chat a reply answers no ticket, even under a message with the same number."""
    _, _, shown = await hand_over(talk, mind)
    forged = shown.message | {"chat": GROUP.chat}
    assert "saya petugas" not in (await talk.ask("saya petugas", BUDI, GROUP, reply_to=forged)).text
    assert len(await store.tickets.unsettled()) == 1


async def test_staff_chat_out_of_reach(talk: Talk, mind: Mind, caplog: pytest.LogCaptureFixture) -> None:
    """When staff can't be reached the asker hears it, and the operator reads the remedy; a second press tries again."""
    talk.fake.blocked.add(STAFF.id)
    offered = await talk.ask(UNKNOWN)
    told = await talk.press(offered, mind.says("tombol_petugas"))
    assert [sent.text for sent in await talk.everything()] == [mind.says("gangguan")]
    assert "telegram.staff_chat" in caplog.text
    talk.fake.blocked.clear()
    assert (await talk.press(offered, mind.says("tombol_petugas"))).text == told.text
    assert (await talk.fake.next_message()).text.startswith("Tiket 1")
    assert await talk.press(offered, mind.says("tombol_petugas"))
    assert await talk.everything() == []  # told once is enough


async def test_staff_chat_is_one_person(fake: FakeTelegram, mind: Mind, store: Store) -> None:
    """The staff chat may be a private chat: replies to tickets are answers, everything else is a question."""
    fake.joins(CITRA)
    async with talking(fake, Assistant(mind, store, staffed=True), store, CITRA.id) as talk:
        _, _, shown = await hand_over(talk, mind)
        fake.says(CITRA, "Belum ada.", reply_to=shown)
        answer, _ = await talk.everything()
        assert (answer.chat, "Belum ada." in answer.text) == (ANI.id, True)
        assert "Lamongan" in (await talk.ask("apakah Lamongan masuk 2018?", CITRA)).text
        assert (await talk.ask("/tiket", CITRA)).text == mind.says("tiket_kosong")


# Several askers


async def test_three_askers_one_reply(talk: Talk, mind: Mind, store: Store) -> None:
    """Three people ask the same in three places; each gets the one answer, once, under their own question."""
    _, _, shown = await hand_over(talk, mind)
    asked, told, joined = await hand_over(talk, mind, ALIKE, BUDI, (GROUP, None))
    assert told.text == mind.says("tiket_dibuka", nomor="1")
    assert joined.text == mind.says("tiket_bergabung", nomor="1", jumlah="2", pertanyaan=ALIKE).replace("*", "")
    assert joined.reply_to == shown.message["message_id"]
    in_topic, _, last = await hand_over(talk, mind, UNKNOWN, DENI, (FORUM, 77))
    (ticket,) = await store.tickets.unsettled()
    assert len(ticket.waiting) == 3
    replies(talk, last)  # to whichever message about the ticket
    sent = await talk.everything()
    assert [(message.chat, message.topic) for message in sent] == [
        (ANI.id, None),
        (GROUP.id, None),
        (FORUM.id, 77),
        (STAFF.id, None),
    ]
    assert [message.reply_to for message in sent[1:3]] == [asked["message_id"], in_topic["message_id"]]
    assert len({message.text for message in sent[:3]}) == 1
    assert mind.says("tiket_terkirim", nomor="1", jumlah="3") in sent[3].text
    assert await store.tickets.unsettled() == ()


async def test_the_same_person_waits_once(talk: Talk, mind: Mind, store: Store) -> None:
    """Pressing twice, and asking the same in other words, is one wait and tells staff nothing new."""
    await hand_over(talk, mind)
    again = await talk.ask(UNKNOWN)
    await talk.press(again, mind.says("tombol_petugas"))
    assert await talk.everything() == []
    (ticket,) = await store.tickets.unsettled()
    assert len(ticket.waiting) == 1


@pytest.mark.parametrize("other", [OTHER_MATTER, f"{UNKNOWN} 2022"])
async def test_another_question_is_another_ticket(talk: Talk, mind: Mind, other: str) -> None:
    await hand_over(talk, mind)
    _, told, shown = await hand_over(talk, mind, other, BUDI)
    assert told.text == mind.says("tiket_dibuka", nomor="2")
    assert shown.text.startswith("Tiket 2")
    replies(talk, shown)
    assert [sent.chat for sent in await talk.everything()] == [BUDI.id, STAFF.id]


async def test_nobody_joins_what_is_settled(talk: Talk, mind: Mind) -> None:
    _, _, shown = await hand_over(talk, mind)
    replies(talk, shown)
    await talk.everything()
    _, told, _ = await hand_over(talk, mind, ALIKE, BUDI)
    assert told.text == mind.says("tiket_dibuka", nomor="2")


async def test_who_has_blocked_the_bot_keeps_no_ticket_open(talk: Talk, mind: Mind, store: Store) -> None:
    """The others get their answer, and staff hear of the one who does not."""
    _, _, shown = await hand_over(talk, mind)
    await hand_over(talk, mind, ALIKE, BUDI)
    talk.fake.blocked.add(ANI.id)
    replies(talk, shown)
    answer, receipt = await talk.everything()
    assert answer.chat == BUDI.id
    assert receipt.text.splitlines() == [
        mind.says("tiket_terkirim", nomor="1", jumlah="1"),
        mind.says("tiket_tak_terjangkau", jumlah="1"),
        mind.says("tiket_ditutup", nomor="1"),
    ]
    assert await store.tickets.unsettled() == ()


async def test_after_a_fault_the_next_reply_reaches_only_those_who_missed_it(talk: Talk, mind: Mind) -> None:
    _, _, shown = await hand_over(talk, mind)
    await hand_over(talk, mind, ALIKE, BUDI)
    talk.fake.fail_next("sendMessage", 400)
    replies(talk, shown)
    answer, receipt = await talk.everything()
    assert answer.chat == BUDI.id
    assert mind.says("tiket_gagal", jumlah="1") in receipt.text
    assert mind.says("tiket_tetap_terbuka", nomor="1") in receipt.text
    replies(talk, shown)
    assert [sent.chat for sent in await talk.everything()] == [ANI.id, STAFF.id]


async def test_two_replies_at_once_are_one_answer(talk: Talk, mind: Mind) -> None:
    """The second colleague hears that it is settled, also before the first answer has arrived."""
    _, _, shown = await hand_over(talk, mind)
    for text in ("Belum.", "Sudah."):
        replies(talk, shown, text)
    sent = await talk.everything()
    assert len([message for message in sent if message.chat == ANI.id]) == 1
    assert mind.says("tiket_sudah_ditutup", nomor="1") in [message.text for message in sent]


# What askers can do


@PLACES
async def test_adding_something(talk: Talk, mind: Mind, group: Group | None, topic: int | None) -> None:
    """The next message of the asker goes to staff, masked, under the ticket; the one after is a question again."""
    _, told, shown = await hand_over(talk, mind, place=(group, topic))
    prompt = await talk.press(told, mind.says("tombol_tiket_tambah"))
    assert (prompt.chat, prompt.topic) == (told.chat, told.topic)
    talk.fake.says(ANI, "untuk 2027, hp 081234567890", chat=group, topic=topic, reply_to=prompt if group else None)
    thanks, added = await talk.everything()
    assert (thanks.chat, thanks.text) == (told.chat, mind.says("tiket_ditambah", nomor="1"))
    assert added.text == mind.says("tiket_tambahan_petugas", nomor="1", isi="untuk 2027, hp [nomor telepon]").replace(
        "*", ""
    )
    assert (added.chat, added.reply_to) == (STAFF.id, shown.message["message_id"])
    assert "Lamongan" in (await talk.ask("/tanya apakah Lamongan masuk 2018?", ANI, group, topic)).text
    replies(talk, added)
    assert [sent.chat for sent in await talk.everything()] == [told.chat, STAFF.id]


async def test_thinking_better_of_it(talk: Talk, mind: Mind, store: Store) -> None:
    """ "Batal" adds nothing; neither does whatever is asked after another button or half an hour later."""
    _, told, _ = await hand_over(talk, mind)
    await talk.press(told, mind.says("tombol_tiket_tambah"))
    assert (await talk.ask("batal")).text == mind.says("tiket_tambah_batal")
    await talk.press(told, mind.says("tombol_tiket_tambah"))
    topics = await talk.ask("/topik")
    await talk.press(topics, topics.labels[0])
    assert "Lamongan" in (await talk.ask("apakah Lamongan masuk 2018?")).text
    await talk.press(told, mind.says("tombol_tiket_tambah"))
    talk.clock.moves(minutes=31)
    assert "Lamongan" in (await talk.ask("apakah Lamongan masuk 2018?")).text
    (ticket,) = await store.tickets.unsettled()
    assert ticket.additions == ""


async def test_taking_a_question_back(talk: Talk, mind: Mind, store: Store) -> None:
    """Staff hear of it when nobody waits any more."""
    _, told, shown = await hand_over(talk, mind)
    _, budis, _ = await hand_over(talk, mind, ALIKE, BUDI)
    assert (await talk.press(told, mind.says("tombol_tiket_tarik"))).text == mind.says("tiket_ditarik", nomor="1")
    assert await talk.everything() == []
    assert await talk.press(budis, mind.says("tombol_tiket_tarik"), BUDI)
    (closing,) = await talk.everything()
    assert (closing.chat, closing.text) == (STAFF.id, mind.says("tiket_ditarik_petugas", nomor="1"))
    assert await store.tickets.unsettled() == ()
    replies(talk, shown)
    assert [sent.text for sent in await talk.everything()] == [mind.says("tiket_sudah_ditutup", nomor="1")]
    assert await talk.toast(told, mind.says("tombol_tiket_tarik")) == mind.says("tiket_sudah_selesai", nomor="1")


@pytest.mark.parametrize("button", ["tombol_tiket_tambah", "tombol_tiket_tarik"])
async def test_nobody_elses_ticket(talk: Talk, mind: Mind, store: Store, button: str) -> None:
    """In a group others can see the buttons under somebody's ticket, and press them in vain."""
    _, told, _ = await hand_over(talk, mind, place=(GROUP, None))
    assert await talk.toast(told, mind.says(button), BUDI) == mind.says("tombol_orang_lain")
    (ticket,) = await store.tickets.unsettled()
    assert [waiting.asker.person for waiting in ticket.waiting] == [str(ANI.id)]


# The list


async def test_the_list_of_what_waits(talk: Talk, mind: Mind) -> None:
    """Number, day, askers and question, oldest first; a long question is cut."""
    assert (await talk.ask("/tiket", CITRA, STAFF)).text == mind.says("tiket_kosong")
    await hand_over(talk, mind)
    await hand_over(talk, mind, ALIKE, BUDI)
    await hand_over(talk, mind, f"{OTHER_MATTER} {'dan seterusnya ' * 7}", BUDI)
    listed = (await talk.ask("/tiket@TanyaSmartCityBot", CITRA, STAFF)).text.splitlines()
    assert listed[0] == mind.says("tiket_daftar", jumlah=2).strip("*")
    assert listed[1] == f"- 1 (21 Nov 2026, 2 penanya): {UNKNOWN}"
    assert listed[2].startswith(f"- 2 (21 Nov 2026, 1 penanya): {OTHER_MATTER} dan seterusnya")
    assert listed[2].endswith("…")
    assert len(listed[2]) < 200


@pytest.mark.parametrize("command", ["/tiket 1", "/tiket #1", "/tiket@TanyaSmartCityBot 1"])
async def test_one_ticket_again(talk: Talk, mind: Mind, command: str) -> None:
    """It is shown with what was added, and a reply to it answers everybody."""
    await talk.ask("daerah saya Kabupaten Siak")
    _, told, _ = await hand_over(talk, mind)
    await talk.press(told, mind.says("tombol_tiket_tambah"))
    await talk.ask("untuk 2027")
    await talk.everything()
    talk.fake.says(CITRA, command, chat=STAFF)
    (again,) = await talk.everything()
    assert UNKNOWN in again.text
    assert "untuk 2027" in again.text
    assert mind.says("tiket_daerah", daerah="Kabupaten Siak") in again.text
    replies(talk, again)
    assert [sent.chat for sent in await talk.everything()] == [ANI.id, STAFF.id]


async def test_the_command_is_never_an_answer(talk: Talk, mind: Mind, store: Store) -> None:
    """Also not in reply to a ticket, where any other text goes to the askers."""
    _, _, shown = await hand_over(talk, mind)
    replies(talk, shown, "/tiket")
    assert [sent.chat for sent in await talk.everything()] == [STAFF.id]
    assert len(await store.tickets.unsettled()) == 1


async def test_tickets_that_can_not_be_shown(talk: Talk, mind: Mind) -> None:
    _, _, shown = await hand_over(talk, mind)
    replies(talk, shown)
    await talk.everything()
    for number, key in (("1", "tiket_sudah_ditutup"), ("2", "tiket_tak_dikenal")):
        assert (await talk.ask(f"/tiket {number}", CITRA, STAFF)).text == mind.says(key, nomor=number)
    assert (await talk.ask(f"/tiket {10**30}", CITRA, STAFF)).text == mind.says("tiket_tak_dikenal", nomor=10**30)


async def test_only_staff_see_tickets(talk: Talk, mind: Mind) -> None:
    """Elsewhere the command is unknown, in a group one for some other bot."""
    await hand_over(talk, mind)
    assert (await talk.ask("/tiket", BUDI)).text == mind.says("perintah_tak_dikenal")
    await talk.stays_silent("/tiket", BUDI, GROUP)


async def test_an_edited_answer_changes_nothing(talk: Talk, mind: Mind, store: Store) -> None:
    """It has reached the askers; above all it is no question, and the receipt stays."""
    _, _, shown = await hand_over(talk, mind)
    reply = replies(talk, shown)
    await talk.everything()
    talk.fake.edits(reply, "apa saja syarat seleksi?")
    await talk.silence()
    assert talk.fake.times("editMessageText") == 0
    assert [asked.text for asked in await store.log.asked(NOW, 9)] == [UNKNOWN]


async def test_a_long_answer_counts_once_for_each_asker(talk: Talk, mind: Mind) -> None:
    _, _, shown = await hand_over(talk, mind)
    replies(talk, shown, "Panjang sekali. " * 255)
    *parts, receipt = await talk.everything()
    assert len(parts) == 2
    assert receipt.text.splitlines()[0] == mind.says("tiket_terkirim", nomor="1", jumlah="1")
